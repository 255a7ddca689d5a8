#include "net/http/public_address.hpp"

#include <doctest/doctest.h>

namespace claimcheck {

TEST_CASE("E15 SSRF: addresses of our own network are not public, however they are written") {
  for (const char* ip : {"127.0.0.1",
                         "127.255.0.9",
                         "10.1.2.3",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.168.1.1",
                         "169.254.169.254",
                         "100.64.0.1",
                         "0.0.0.0",
                         "198.18.0.1",
                         "224.0.0.1",
                         "255.255.255.255",
                         "::1",
                         "::",
                         "fe80::1",
                         "fe80::1%eth0",
                         "fc00::1",
                         "fd12::1",
                         "ff02::1",
                         "::ffff:10.0.0.1",
                         "::ffff:127.0.0.1",
                         "2002:7f00:1::",
                         "64:ff9b::a00:1",
                         "",
                         "example",
                         "1.2.3"}) {
    CAPTURE(ip);
    CHECK_FALSE(is_public_address(ip));
  }
  for (const char* ip : {"1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.128.0.1",
                         "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1"}) {
    CAPTURE(ip);
    CHECK(is_public_address(ip));
  }
}

}  // namespace claimcheck
