// Clients: the name under which a request counts in the limits: an IPv4 address, or an IPv6 network
// of 64 bits. Only a trusted proxy may name another client than itself. If any other peer names one
// in X-Forwarded-For, it still counts under its own address. Constant; owned by Api, borrowed by
// whatever counts.
#pragma once

#include "net/http/http.hpp"
#include "net/http/ip_ranges.hpp"

#include <string>

namespace claimcheck {

class Clients {
 public:
  explicit Clients(IpRanges trusted_proxies) : trusted_proxies_(std::move(trusted_proxies)) {}

  std::string client_of(const HttpRequest& request) const;

 private:
  IpAddress forwarded_for(IpAddress peer, std::string_view entries) const;

  IpRanges trusted_proxies_;
};

}  // namespace claimcheck
