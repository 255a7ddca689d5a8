#include "net/redis/redis.hpp"

#include <doctest/doctest.h>

namespace claimcheck {

TEST_CASE("redis address: what a URL says") {
  struct Row {
    const char* url;
    bool tls;
    const char* host;
    int port;
    const char* user;
    const char* password;
    int db;
  };
  const Row rows[] = {
      {"redis://localhost", false, "localhost", 6379, "", "", 0},
      {"redis://localhost/", false, "localhost", 6379, "", "", 0},
      {"redis://10.1.2.3:7000/5", false, "10.1.2.3", 7000, "", "", 5},
      {"rediss://cache.example.com:6380/0", true, "cache.example.com", 6380, "", "", 0},
      {"redis://:pass@h", false, "h", 6379, "", "pass", 0},
      {"redis://me:pass@h:1/15", false, "h", 1, "me", "pass", 15},
      {"redis://m%65:p%40ss%2Fw%3A%23%3F%25@h", false, "h", 6379, "me", "p@ss/w:#?%", 0},
      {"redis://:a+b@h", false, "h", 6379, "", "a+b", 0},
      {"redis://[::1]:7001/2", false, "::1", 7001, "", "", 2},
      {"redis://h:65535", false, "h", 65535, "", "", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.url));
    const auto address = RedisAddress::parse(row.url);
    REQUIRE_MESSAGE(address.has_value(), address.error().message);
    CHECK(address->tls == row.tls);
    CHECK(address->host == row.host);
    CHECK(address->port == row.port);
    CHECK(address->user == row.user);
    CHECK(address->password.reveal() == row.password);
    CHECK(address->db == row.db);
  }
}

TEST_CASE("redis address: what is refused is named, the password never") {
  struct Row {
    const char* url;
    const char* says;
  };
  const Row rows[] = {
      {"", "redis:// or rediss://"},
      {"hunter2", "redis:// or rediss://"},
      {"http://:hunter2@h", "redis:// or rediss://"},
      {"REDIS//:hunter2@h", "redis:// or rediss://"},
      {"redis-sentinel://:hunter2@h/name", "redis:// or rediss://"},
      {"redis://", "host"},
      {"redis://:hunter2@", "host"},
      {"redis://:hunter2@:6379", "host"},
      {"redis://:hunter2@h:0", "port"},
      {"redis://:hunter2@h:65536", "port"},
      {"redis://:hunter2@h:six", "port"},
      {"redis://:hunter2@h/x", "database number"},
      {"redis://:hunter2@h/-1", "database number"},
      {"redis://:hunter2@h/1/2", "database number"},
      {"redis://:hunter2@h/99999999999", "database number"},
      {"redis://:hunter2@h/0?x=1", "not allowed"},
      {"redis://:hunter2#x@h", "percent-encode"},
      {"redis://hunter2@h", "no password"},
      {"redis://:hunter2%00@h", "percent sequence"},
      {"redis://:hunter2@[::x]", "IPv6"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.url));
    const auto address = RedisAddress::parse(row.url);
    REQUIRE(!address.has_value());
    CHECK(address.error().code == Errc::invalid);
    CHECK_MESSAGE(address.error().message.find(row.says) != std::string::npos,
                  address.error().message);
    CHECK(address.error().message.find("hunter2") == std::string::npos);
  }
}

}  // namespace claimcheck
