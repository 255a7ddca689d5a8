#include "net/http/ip_ranges.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace ip = boost::asio::ip;

namespace {

constexpr int v4_prefix_bits = 96;  // of ::ffff:0:0/96

std::optional<IpAddress> read_plain(std::string_view text) {
  boost::system::error_code unreadable;
  const ip::address address = ip::make_address(text, unreadable);
  if (unreadable) return std::nullopt;
  if (address.is_v6()) return address.to_v6().to_bytes();
  return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

bool is_v4(const IpAddress& address) { return ip::address_v6(address).is_v4_mapped(); }

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The address of `[address]`, `[address]:port` and `v4:port`; other texts as they are. A colon in
// an address without brackets belongs to IPv6, unless it is the only one.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {};
    const std::string_view rest = text.substr(end + 1);
    const bool fine = rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
    return fine ? text.substr(1, end - 1) : std::string_view();
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.rfind(':') != colon) return text;
  return is_port(text.substr(colon + 1)) ? text.substr(0, colon) : std::string_view();
}

std::vector<std::string_view> named(std::string_view word) {
  if (word == "loopback") return {"127.0.0.0/8", "::1"};
  if (word == "private") return {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"};
  return {word};
}

}  // namespace

std::optional<IpAddress> read_ip(std::string_view text) {
  std::string_view address = without_port(text);
  const std::size_t zone = address.find('%');
  if (zone != std::string_view::npos) address = address.substr(0, zone);
  return read_plain(address);
}

std::string ip_text(const IpAddress& address) {
  if (!is_v4(address)) return ip::address_v6(address).to_string();
  return fmt::format("{}.{}.{}.{}", address[12], address[13], address[14], address[15]);
}

std::string client_network(const IpAddress& address) {
  if (is_v4(address)) return ip_text(address);
  IpAddress network = address;
  std::fill(network.begin() + 8, network.end(), 0);
  return ip_text(network) + "/64";
}

std::optional<IpRanges::Range> IpRanges::read_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> first = read_plain(text.substr(0, slash));
  if (!first) return std::nullopt;
  const int before = is_v4(*first) ? v4_prefix_bits : 0;
  if (slash == std::string_view::npos) return Range{.first = *first, .bits = 128};
  const std::string_view digits = text.substr(slash + 1);
  int bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || bits < 0 || bits > 128 - before) return std::nullopt;
  return Range{.first = *first, .bits = before + bits};
}

Result<IpRanges> IpRanges::parse(const std::vector<std::string>& entries) {
  IpRanges ranges;
  for (const std::string& entry : entries) {
    for (const std::string_view text : named(entry)) {
      const std::optional<Range> range = read_range(text);
      if (!range) {
        return fail(Errc::invalid,
                    fmt::format("{} is no IP address, no range like 10.0.0.0/8, and neither "
                                "loopback nor private",
                                entry));
      }
      if (text.ends_with("/0")) {
        return fail(Errc::invalid,
                    fmt::format("{} holds every address, so each client could invent its own; "
                                "name the proxies",
                                entry));
      }
      ranges.ranges_.push_back(*range);
    }
  }
  return ranges;
}

bool IpRanges::contains(const IpAddress& address) const {
  return std::ranges::any_of(ranges_, [&address](const Range& range) {
    const auto whole = static_cast<std::size_t>(range.bits / 8);
    if (!std::equal(range.first.begin(), range.first.begin() + static_cast<long>(whole),
                    address.begin())) {
      return false;
    }
    const int rest = range.bits % 8;
    if (rest == 0) return true;
    const int different = range.first.at(whole) ^ address.at(whole);
    return different >> (8 - rest) == 0;
  });
}

}  // namespace claimcheck
