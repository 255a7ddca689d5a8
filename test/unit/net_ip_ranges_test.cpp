// Addresses as proxies write them, ranges as people write them, and what counts as one client.
#include "net/http/ip_ranges.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

std::string read_and_printed(std::string_view text) {
  const std::optional<IpAddress> address = read_ip(text);
  return address ? ip_text(*address) : "none";
}

bool holds(const std::string& entry, std::string_view address) {
  const Result<IpRanges> ranges = IpRanges::parse({entry});
  REQUIRE(ranges.has_value());
  return ranges->contains(*read_ip(address));
}

std::string refused(const std::string& entry) {
  const Result<IpRanges> ranges = IpRanges::parse({"127.0.0.1", entry});
  return ranges ? "" : ranges.error().message;
}

TEST_CASE("an address is read with its port, its brackets and its zone, or not at all") {
  CHECK(read_and_printed("192.0.2.1") == "192.0.2.1");
  CHECK(read_and_printed("192.0.2.1:4711") == "192.0.2.1");
  CHECK(read_and_printed("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(read_and_printed("2001:db8::1") == "2001:db8::1");
  CHECK(read_and_printed("[2001:db8::1]") == "2001:db8::1");
  CHECK(read_and_printed("[2001:db8::1]:443") == "2001:db8::1");
  CHECK(read_and_printed("[fe80::1%eth0]:443") == "fe80::1");
  for (const char* text :
       {"", "unknown", "_hidden", "shop.example", "192.0.2.1:", "192.0.2.1:port",
        "192.0.2.1:123456", "[2001:db8::1", "[2001:db8::1]443", "[]", "1.2.3", "10.0.0.0/8"}) {
    CAPTURE(std::string(text));
    CHECK(read_and_printed(text) == "none");
  }
}

TEST_CASE("a range holds its first and its last address, and none beside them") {
  CHECK(holds("10.0.0.0/8", "10.0.0.0"));
  CHECK(holds("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  CHECK_FALSE(holds("10.0.0.0/8", "9.255.255.255"));
  CHECK(holds("172.16.0.0/12", "172.31.255.255"));
  CHECK_FALSE(holds("172.16.0.0/12", "172.32.0.0"));
  CHECK(holds("192.0.2.7", "192.0.2.7"));
  CHECK_FALSE(holds("192.0.2.7", "192.0.2.6"));
  CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  // An IPv6 range does not hold IPv4 addresses, in whatever form they came.
  CHECK_FALSE(holds("fc00::/7", "10.0.0.1"));
  CHECK(holds("10.0.0.0/8", "::ffff:10.0.0.1"));
}

TEST_CASE("loopback and private name the ranges of this machine and of a private network") {
  for (const char* address : {"127.0.0.1", "127.255.0.1", "::1"}) CHECK(holds("loopback", address));
  for (const char* address : {"10.1.2.3", "172.17.0.1", "192.168.0.9", "fd00::1"}) {
    CHECK(holds("private", address));
    CHECK_FALSE(holds("loopback", address));
  }
  for (const char* address : {"192.0.2.1", "172.32.0.1", "2001:db8::1", "127.0.0.1"}) {
    CHECK_FALSE(holds("private", address));
  }
  CHECK(IpRanges().empty());
  CHECK_FALSE(IpRanges().contains(*read_ip("127.0.0.1")));
}

TEST_CASE("an entry that is no range is named, and one that holds every address too") {
  for (const char* entry : {"foo", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                            "2001:db8::/129", "shop.example", "[::1]", "127.0.0.1:80"}) {
    CHECK(refused(entry) == std::string(entry) +
                                " is no IP address, no range like 10.0.0.0/8, and neither "
                                "loopback nor private");
  }
  CHECK(refused("0.0.0.0/0") ==
        "0.0.0.0/0 holds every address, so each client could invent its own; name the proxies");
  CHECK(refused("::/0").starts_with("::/0 holds every address"));
}

TEST_CASE("a limit counts an IPv4 address, and a whole /64 of IPv6, as one client") {
  const auto client = [](std::string_view text) { return client_network(*read_ip(text)); };
  CHECK(client("192.0.2.1") == "192.0.2.1");
  CHECK(client("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(client("2001:db8:1:2::1") == client("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  CHECK(client("2001:db8:1:2::1") != client("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace claimcheck::test
