// Where the primary is, by Sentinels: what their answers mean, and a failover with real servers.
#include "net/redis/sentinel.hpp"
#include "support/redis_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck {
namespace {

using How = RedisAnswer::How;

RedisReply text(std::string value) { return {std::move(value)}; }
RedisReply failure(std::string value) { return {RedisReply::Failure{std::move(value)}}; }

RedisOptions shop(std::vector<RedisPlace> sentinels) {
  RedisOptions options;
  options.address.sentinels = std::move(sentinels);
  options.address.primary = "shop";
  return options;
}

std::string watching(const RedisServer& primary) {
  return fmt::format(
      "sentinel monitor shop 127.0.0.1 {} 1\nsentinel down-after-milliseconds shop 300\n"
      "sentinel failover-timeout shop 3000",
      primary.port());
}

std::int64_t port_of(RedisClient& client) {
  const auto answer = client.run(client.redis.exec({"CONFIG", "GET", "port"}));
  return answer && answer->array() != nullptr ? std::stoll(*answer->array()->at(1).text()) : 0;
}

TEST_CASE("redis sentinel: what it is asked, as which user") {
  RedisOptions options = shop({{.host = "s", .port = 1}});
  options.address.tls = true;
  options.address.password = Secret("of the servers");
  options.sentinel_login = {.user = "me", .password = Secret("hunter2")};
  CHECK((sentinel_question(options) ==
         std::vector<RedisCommand>{{"HELLO", "3", "AUTH", "me", "hunter2", "SETNAME", "claimcheck"},
                                   {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop"}}));
  const RedisOptions link = options_of_sentinel(options, options.address.sentinels.front());
  CHECK(link.address.tls);
  CHECK(link.address.place == options.address.sentinels.front());
  CHECK(link.address.sentinels.empty());
}

TEST_CASE("redis sentinel: what its answer means") {
  const RedisOptions options = shop({});
  const auto place = primary_of(
      options,
      {.how = How::complete,
       .replies = {text("hello"), RedisReply{RedisReply::Array{text("::1"), text("7000")}}}},
      "");
  REQUIRE(place.has_value());
  CHECK(*place == RedisPlace{.host = "::1", .port = 7000});
  const auto why = [&](RedisAnswer answer) {
    const Result<RedisPlace> none = primary_of(options, answer, "nothing listens there");
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == Errc::unavailable);
    return none.error().message;
  };
  const auto told = [&](RedisReply reply) {
    return why({.how = How::complete, .replies = {text("hello"), std::move(reply)}});
  };
  CHECK(told({}) == "it knows no primary shop");
  CHECK(told(failure("ERR unknown command 'SENTINEL'")) == "it is no Sentinel");
  CHECK(told(text("OK")) == "it is no Sentinel");
  CHECK(told({RedisReply::Array{text("h"), text("x")}}) == "it names no port");
  CHECK(told({RedisReply::Array{text(""), text("7000")}}) == "it names no host");
  CHECK(told({RedisReply::Array{text(std::string("h\0", 2)), text("7000")}}) == "it names no host");
  CHECK(told(failure("IDONTKNOW")) == "IDONTKNOW");
  CHECK(why({.how = How::broken}) == "nothing listens there");
  CHECK(why({.how = How::late, .why = "too slow"}) == "too slow");
  CHECK(why({.how = How::complete, .replies = {failure("NOAUTH HELLO"), failure("NOAUTH")}}) ==
        "it demands a password, and CLAIMCHECK_REDIS_SENTINEL_PASSWORD has none");
}

TEST_CASE("redis sentinel: the primary is followed over a failover") {
  RedisServer first;
  RedisServer second(fmt::format("replicaof 127.0.0.1 {}", first.port()));
  const RedisSentinel sentinel(watching(first));
  // Nobody listens at the first one: the others are asked.
  RedisClient client(shop({{.port = 1}, sentinel.place()}));
  REQUIRE(client.until_ready());
  CHECK(port_of(client) == first.port());
  REQUIRE(client.until([&] {
    const auto info = client.run(client.redis.exec({"INFO", "replication"}));
    return info && info->text()->find("state=online") != std::string::npos;
  }));
  const auto stored = client.run(client.redis.exec({"SET", "before", "kept"}));
  REQUIRE(stored.has_value());
  // A replica that the Sentinel does not know yet cannot be promoted.
  REQUIRE(client.until([&] { return sentinel.log().contains("+slave slave"); }));
  first.kill();
  REQUIRE(client.until([&] { return !client.redis.ready(); }));
  REQUIRE(client.until_ready());
  CHECK(port_of(client) == second.port());
  CHECK(*client.run(client.redis.exec({"GET", "before"}))->text() == "kept");
}

TEST_CASE("redis sentinel: why there is no primary is told of each") {
  RedisServer no_sentinel;
  RedisServer strict("requirepass hunter2");
  RedisClient client(shop({{.port = 1}, {.port = no_sentinel.port()}, {.port = strict.port()}}));
  const std::string why = fmt::format(
      "Sentinel 127.0.0.1:1: nothing listens there (Connection refused); Sentinel "
      "127.0.0.1:{}: it is no Sentinel; Sentinel 127.0.0.1:{}: it demands a password, "
      "and CLAIMCHECK_REDIS_SENTINEL_PASSWORD has none",
      no_sentinel.port(), strict.port());
  // In this order at each attempt, whoever is asked first: a reason that changes is logged anew.
  REQUIRE(client.until([&] { return client.redis.last_loss() == why; }));
  const Duration later = machine_clock.steady() + std::chrono::milliseconds(500);
  CHECK(client.until([&] {
    CHECK(client.redis.last_loss() == why);
    return machine_clock.steady() > later;
  }));
}

TEST_CASE("redis: over a Unix socket") {
  RedisServer server("unixsocket {dir}/redis.sock");
  RedisOptions options;
  options.address.place.socket = server.directory() + "/redis.sock";
  RedisClient client(options);
  REQUIRE(client.until_ready());
  CHECK(port_of(client) == server.port());
  server.kill();
  REQUIRE(client.until([&] { return !client.redis.ready(); }));
  server.start();
  CHECK(client.until_ready());
}

}  // namespace
}  // namespace claimcheck
