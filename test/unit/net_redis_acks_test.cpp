// Writes that wait for replicas: a real primary and a real replica.
#include "net/redis/acks.hpp"
#include "support/redis_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace claimcheck {
namespace {

// A replica that follows `primary` at once, not after the usual pause for others.
std::string following(const RedisServer& primary) {
  return fmt::format("replicaof 127.0.0.1 {}", primary.port());
}

constexpr const char* primary_settings = "repl-diskless-sync-delay 0";

class Pair {
 public:
  Pair() : replica(following(primary)), client(primary.options()), acks(client.redis) {
    REQUIRE(client.until_ready());
    acks.demand({.replicas = 1});
    REQUIRE(client.until([this] { return set("first", "1").has_value(); }));
  }
  ~Pair() { acks.stop(); }

  Result<RedisReply> set(std::string key, std::string value) {
    RedisCommand command = {"SET", std::move(key), std::move(value)};
    return client.run(acks.exec(command));
  }
  std::string get(std::string key) {
    RedisCommand command = {"GET", std::move(key)};
    const auto reply = client.run(client.redis.exec(command));
    REQUIRE(reply.has_value());
    return reply->text() == nullptr ? "" : *reply->text();
  }

  RedisServer primary{primary_settings};
  RedisServer replica;
  RedisClient client;
  RedisAcks acks;
};

TEST_CASE("redis acks: B9 a replica that lags makes the write ambiguous, and the write stands") {
  Pair pair;
  pair.replica.freeze();
  const auto late = pair.set("key", "late");
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().code == Errc::ambiguous);
  CHECK(late.error().message == "0 of 1 replicas have the write");
  CHECK(pair.get("key") == "late");
  pair.replica.thaw();
  CHECK(pair.client.until([&] { return pair.set("key", "again").has_value(); }));
}

TEST_CASE("redis acks: many writes at once share the waiting, each has its own answer") {
  Pair pair;
  std::vector<std::shared_ptr<std::optional<Result<RedisReply>>>> answers;
  constexpr int writes = 500;
  for (int i = 0; i < writes; ++i) {
    RedisCommand append = {"INCR", "counter"};
    answers.push_back(pair.client.start(own_exec(pair.acks, std::move(append))));
  }
  RedisCommand wrong = {"LPUSH", "counter", "x"};
  const auto refused = pair.client.run(pair.acks.exec(wrong));
  REQUIRE(refused.has_value());
  REQUIRE(refused->failure() != nullptr);
  CHECK(refused->failure()->text.starts_with("WRONGTYPE"));
  for (int i = 0; i < writes; ++i) {
    REQUIRE(answers[static_cast<std::size_t>(i)]->has_value());
    const Result<RedisReply>& answer = **answers[static_cast<std::size_t>(i)];
    REQUIRE(answer.has_value());
    REQUIRE(answer->integer() != nullptr);
    CHECK(*answer->integer() == i + 1);
  }
}

TEST_CASE("redis acks: B8 a connection lost under the waiting is ambiguous, never good") {
  Pair pair;
  pair.replica.freeze();
  RedisCommand set = {"SET", "key", "value"};
  const auto answer = pair.client.start(own_exec(pair.acks, std::move(set)));
  REQUIRE(pair.client.until([&] { return pair.get("key") == "value"; }));
  RedisCommand cut = {"CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes"};
  REQUIRE(pair.client.run(pair.client.redis.exec(cut)).has_value());
  REQUIRE(pair.client.until([&] { return answer->has_value(); }));
  REQUIRE_FALSE((**answer).has_value());
  CHECK((**answer).error().code == Errc::ambiguous);
  pair.replica.thaw();
}

TEST_CASE("redis acks: a write is refused until the own connection is there, and ready() tells") {
  const RedisServer server;
  RedisClient client(server.options());
  RedisAcks acks(client.redis);
  REQUIRE(client.until_ready());
  CHECK(acks.ready());
  acks.demand({.fsync = true});
  CHECK_FALSE(acks.ready());
  const auto early = client.run(acks.exec({"SET", "key", "early"}));
  REQUIRE_FALSE(early.has_value());
  CHECK(early.error().code == Errc::not_sent);
  CHECK(client.until([&] { return acks.ready(); }));
  acks.stop();
}

TEST_CASE("redis acks: without a demand it is the shared connection") {
  RedisServer server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  RedisAcks acks(client.redis);
  acks.demand({});
  RedisCommand list = {"CLIENT", "LIST"};
  const auto reply = client.run(acks.exec(list));
  REQUIRE(reply.has_value());
  REQUIRE(reply->text() != nullptr);
  CHECK(std::ranges::count(*reply->text(), '\n') == 1);
}

}  // namespace
}  // namespace claimcheck
