// IP addresses and sets of them, as people and proxies write them. An address is 16 bytes; an IPv4
// address is kept as ::ffff:a.b.c.d, so both families compare alike. No DNS: a name is no address.
// Pure values.
#pragma once

#include "base/error.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

using IpAddress = std::array<unsigned char, 16>;

// An entry of X-Forwarded-For: an address, with a port (192.0.2.1:80), in brackets ([2001:db8::1]),
// with both, or with a zone (fe80::1%eth0), which is dropped. Nothing for any other text.
std::optional<IpAddress> read_ip(std::string_view text);

// 192.0.2.1, 2001:db8::1: without port, brackets and prefix.
std::string ip_text(const IpAddress& address);

// What a limit counts as one client: an IPv4 address, or an IPv6 network of 64 bits as
// 2001:db8:1:2::/64. One household or one server has a whole /64, so that it could take a new
// address for each request.
std::string client_network(const IpAddress& address);

class IpRanges {
 public:
  IpRanges() = default;

  // Each entry is an address, a CIDR range (10.0.0.0/8), `loopback` (127.0.0.0/8, ::1) or `private`
  // (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7). Errors: invalid, which names the
  // first entry that is none of these, or that holds every address.
  static Result<IpRanges> parse(const std::vector<std::string>& entries);

  bool empty() const { return ranges_.empty(); }
  bool contains(const IpAddress& address) const;

 private:
  struct Range {
    IpAddress first;
    int bits;  // 0 to 128: how many leading bits are the same in the whole range
  };

  static std::optional<Range> read_range(std::string_view text);

  std::vector<Range> ranges_;
};

}  // namespace claimcheck
