// What a Redis server sends unasked reaches who asked for it, over every connection anew.
#include "net/redis/catch_up.hpp"
#include "support/redis_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {
namespace {

// A client that is told of every key under "a:" that somebody writes.
struct Follower {
  std::vector<std::string> keys;
  std::vector<bool> connected;
  std::size_t flushes = 0;
  RedisClient client;

  explicit Follower(RedisOptions options) : client(following(std::move(options))) {}

  RedisOptions following(RedisOptions options) {
    options.pushes.ask = {{"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "a:"}};
    options.pushes.connected = [this](bool now) { connected.push_back(now); };
    options.pushes.receive = [this](const std::vector<std::string>& texts) {
      REQUIRE(texts.front() == "invalidate");
      if (texts.size() == 1) ++flushes;
      keys.insert(keys.end(), texts.begin() + 1, texts.end());
    };
    return options;
  }
  bool told_of(const std::string& key) {
    return client.until([&] { return std::ranges::count(keys, key) > 0; });
  }
};

void write(RedisClient& client, const std::string& key) {
  REQUIRE(client.run(client.redis.exec({"SET", key, "1"})).has_value());
}

TEST_CASE("redis: pushes come whole, and only those that were asked for") {
  RedisFixture server;
  Follower follower(server.options());
  RedisClient writer(server.options());
  REQUIRE(follower.client.until_ready());
  REQUIRE(writer.until_ready());
  // Far more at once than any buffer of the library holds, and long names over many reads.
  constexpr std::size_t many = 5000;
  std::vector<RedisCommand> commands;
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < many; ++i) {
    wanted.push_back(fmt::format("a:{}:{}", std::string(i % 500, 'x'), i));
    commands.push_back({"SET", wanted.back(), "1"});
    commands.push_back({"SET", fmt::format("b:{}", i), "1"});
  }
  REQUIRE(writer.run(writer.redis.exec_all(commands)).has_value());
  REQUIRE(follower.client.until([&] { return follower.keys.size() >= many; }));
  std::ranges::sort(follower.keys);
  std::ranges::sort(wanted);
  CHECK((follower.keys == wanted));
  REQUIRE(writer.run(writer.redis.exec({"FLUSHALL"})).has_value());
  CHECK(follower.client.until([&] { return follower.flushes == 1; }));
  CHECK(follower.connected == std::vector<bool>{true});
}

TEST_CASE("redis: a reply comes after the pushes that the server sent before it") {
  RedisFixture server;
  Follower follower(server.options());
  RedisClient writer(server.options());
  REQUIRE(follower.client.until_ready());
  REQUIRE(writer.until_ready());
  std::size_t written = 0;
  for (int round = 0; round < 50; ++round) {
    std::vector<RedisCommand> commands;
    for (int i = 0; i < 40; ++i) commands.push_back({"SET", fmt::format("a:{}", written++), "1"});
    REQUIRE(writer.run(writer.redis.exec_all(commands)).has_value());
    // They all lie in the follower's socket now, and so does soon the reply.
    REQUIRE(follower.client.run(follower.client.redis.exec({"PING"})).has_value());
    CHECK(follower.keys.size() == written);
  }
}

TEST_CASE("redis: who waits for the pushes of the past has them, with one PING for all") {
  RedisFixture server;
  RedisOptions options = server.options();
  options.health_interval = std::chrono::hours(1);  // that is a PING, too
  Follower follower(options);
  RedisClient writer(options);
  REQUIRE(follower.client.until_ready());
  REQUIRE(writer.until_ready());
  RedisCatchUp caught_up(follower.client.redis);
  write(writer, "a:1");
  REQUIRE(writer.run(writer.redis.exec({"CONFIG", "RESETSTAT"})).has_value());
  const auto keys_then = [&]() -> boost::asio::awaitable<std::size_t> {
    const bool all = co_await caught_up.wait();
    CHECK(all);
    co_return follower.keys.size();
  };
  std::vector<std::shared_ptr<std::optional<std::size_t>>> answers;
  for (int i = 0; i < 20; ++i) answers.push_back(follower.client.start(keys_then()));
  const auto is_one = [](const auto& keys) { return *keys == 1; };
  CHECK(follower.client.until([&] { return std::ranges::all_of(answers, is_one); }));
  const auto stats = writer.run(writer.redis.exec({"INFO", "commandstats"}));
  REQUIRE(stats.has_value());
  CHECK(stats->text()->contains("cmdstat_ping:calls=1,"));
  follower.client.redis.stop();
  const bool none = follower.client.run(caught_up.wait());
  CHECK_FALSE(none);
}

TEST_CASE("redis: who waits for pushes of a silent server is told soon that they may be missing") {
  RedisServer server;
  Follower follower(server.options());
  REQUIRE(follower.client.until_ready());
  RedisCatchUp caught_up(follower.client.redis);
  server.freeze();
  const bool all = follower.client.run(caught_up.wait());
  CHECK_FALSE(all);
  CHECK(follower.client.redis.ready());  // long before the connection is given up
  server.thaw();
}

TEST_CASE(
    "redis: a connection that is reopened ends, and its changes are told to a later listener") {
  RedisFixture server;
  Follower follower(server.options());
  REQUIRE(follower.client.until_ready());
  std::vector<bool> told;
  follower.client.redis.tell_changes_to([&](bool now) { told.push_back(now); });
  follower.client.redis.reopen("because");
  CHECK_FALSE(follower.client.redis.ready());
  REQUIRE(follower.client.until_ready());
  CHECK(told == std::vector<bool>{false, true});
  CHECK(follower.connected == std::vector<bool>{true, false, true});
  write(follower.client, "a:1");
  CHECK(follower.told_of("a:1"));
  follower.client.redis.tell_changes_to({});
}

TEST_CASE("redis: pushes are asked for again on the next connection") {
  RedisServer server;
  Follower follower(server.options());
  REQUIRE(follower.client.until_ready());
  for (int round = 0; round < 3; ++round) {
    write(follower.client, fmt::format("a:{}", round));
    CHECK(follower.told_of(fmt::format("a:{}", round)));
    server.kill();
    REQUIRE(follower.client.until([&] { return !follower.client.redis.ready(); }));
    server.start();
    REQUIRE(follower.client.until_ready());
  }
  CHECK(follower.connected == std::vector<bool>{true, false, true, false, true, false, true});
}

TEST_CASE("redis: a server that does not give what was asked for is no connection") {
  RedisFixture server;
  RedisOptions options = server.options();
  options.pushes.ask = {{"CLIENT", "TRACKING", "ON", "NONSENSE"}};
  options.pushes.without = "slower";
  RedisClient client(options);
  const std::string why = "it refuses CLIENT TRACKING (ERR): slower";
  CHECK(client.until([&] { return client.redis.last_loss() == why; }));
  CHECK(!client.redis.ready());
}

}  // namespace
}  // namespace claimcheck
