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
    CHECK(address->place.host == row.host);
    CHECK(address->place.port == row.port);
    CHECK(address->user == row.user);
    CHECK(address->password.reveal() == row.password);
    CHECK(address->db == row.db);
  }
}

TEST_CASE("redis address: a Unix socket") {
  const auto address = RedisAddress::parse("unix:///run/redis/redis.sock");
  REQUIRE(address.has_value());
  CHECK(address->place.socket == "/run/redis/redis.sock");
  CHECK(address->db == 0);
  CHECK(text_of(*address) == "/run/redis/redis.sock");

  const auto all = RedisAddress::parse("unix://me:p%40ss@/r.sock?db=3");
  REQUIRE(all.has_value());
  CHECK(all->place.socket == "/r.sock");
  CHECK(all->user == "me");
  CHECK(all->password.reveal() == "p@ss");
  CHECK(all->db == 3);

  CHECK(RedisAddress::parse("unix:///" + std::string(106, 'x')).has_value());
  CHECK_FALSE(RedisAddress::parse("unix:///" + std::string(107, 'x')).has_value());
}

TEST_CASE("redis address: Sentinels and the name of their primary") {
  const auto address = RedisAddress::parse("rediss-sentinel://me:p%40ss@a,b:7000,[::1]/shop-1/2");
  REQUIRE(address.has_value());
  CHECK(address->tls);
  CHECK(address->sentinels == std::vector<RedisPlace>{{.host = "a", .port = 26379},
                                                      {.host = "b", .port = 7000},
                                                      {.host = "::1", .port = 26379}});
  CHECK(address->primary == "shop-1");
  CHECK(address->user == "me");
  CHECK(address->password.reveal() == "p@ss");
  CHECK(address->db == 2);
  CHECK(text_of(*address) == "a:26379, b:7000, [::1]:26379 (primary shop-1)");
  CHECK_FALSE(RedisAddress::parse("redis-sentinel://a/shop")->tls);
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
      {"redis-cluster://:hunter2@h", "redis:// or rediss://"},
      {"unix://:hunter2@", "the path of the socket is missing"},
      {"unix://:hunter2@/", "the path of the socket is missing"},
      {"unix://:hunter2@run/redis.sock", "three slashes"},
      {"unix://:hunter2@/run/redis.sock?db=x", "database number"},
      {"redis-sentinel://:hunter2@h", "the primary's name"},
      {"redis-sentinel://:hunter2@h/", "the primary's name"},
      {"redis-sentinel://:hunter2@h/my%20primary", "the primary's name"},
      {"redis-sentinel://:hunter2@h1,,h2/shop", "host"},
      {"redis-sentinel://:hunter2@h1,h2:0/shop", "port"},
      {"redis-sentinel://:hunter2@h/shop/x", "database number"},
      {"redis-sentinel://hunter2@h/shop", "no password"},
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
