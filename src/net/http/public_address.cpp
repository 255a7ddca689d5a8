#include "net/http/public_address.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace claimcheck {

namespace ip = boost::asio::ip;

namespace {

struct Network {
  std::uint32_t address;
  int bits;
};

// Loopback, private, link-local, shared, multicast and reserved networks (RFC 6890).
constexpr std::array<Network, 11> not_public = {{{0x00000000, 8},
                                                 {0x0A000000, 8},
                                                 {0x64400000, 10},
                                                 {0x7F000000, 8},
                                                 {0xA9FE0000, 16},
                                                 {0xAC100000, 12},
                                                 {0xC0000000, 24},
                                                 {0xC0A80000, 16},
                                                 {0xC6120000, 15},
                                                 {0xE0000000, 4},
                                                 {0xF0000000, 4}}};

bool is_public(const ip::address_v4& address) {
  const std::uint32_t number = address.to_uint();
  return std::ranges::none_of(not_public, [number](const Network& network) {
    return (number ^ network.address) >> (32 - network.bits) == 0;
  });
}

// Global unicast is 2000::/3. 6to4 and mapped addresses contain an IPv4 address; that one counts.
bool is_public(const ip::address_v6& address) {
  if (address.is_v4_mapped()) return is_public(ip::make_address_v4(ip::v4_mapped, address));
  const auto bytes = address.to_bytes();
  if (bytes[0] == 0x20 && bytes[1] == 0x02) {
    return is_public(ip::address_v4({bytes[2], bytes[3], bytes[4], bytes[5]}));
  }
  return (bytes[0] & 0xE0U) == 0x20;
}

}  // namespace

bool is_public_address(std::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(text, error);
  if (error) return false;
  return address.is_v4() ? is_public(address.to_v4()) : is_public(address.to_v6());
}

}  // namespace claimcheck
