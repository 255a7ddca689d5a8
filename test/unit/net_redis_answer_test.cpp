// What a Redis server's answers say, about it and about the connection; without a server.
#include "net/redis/answer.hpp"
#include "net/redis/greeting.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

RedisReply text(std::string value) { return {std::move(value)}; }
RedisReply failure(std::string value) { return {RedisReply::Failure{std::move(value)}}; }
RedisReply hello(std::string role, std::string mode) {
  return {RedisReply::Array{text("server"), text("redis"), text("role"), text(std::move(role)),
                            text("mode"), text(std::move(mode)), text("proto"),
                            RedisReply{std::int64_t{3}}}};
}

TEST_CASE("redis greeting: what is asked, in which order") {
  RedisOptions options;
  using Commands = std::vector<RedisCommand>;
  const RedisCommand hello = {"HELLO", "3", "SETNAME", "claimcheck"};
  CHECK((greeting_of(options) == Commands{hello, {"PING"}}));
  options.address.db = 3;
  options.pushes.ask = {{"CLIENT", "TRACKING", "ON"}};
  CHECK((greeting_of(options) ==
         Commands{hello, {"PING"}, {"SELECT", "3"}, {"CLIENT", "TRACKING", "ON"}}));
  options.address.password = Secret("hunter2");
  CHECK((greeting_of(options).front() ==
         RedisCommand{"HELLO", "3", "AUTH", "default", "hunter2", "SETNAME", "claimcheck"}));
  options.address.user = "bob";
  CHECK(greeting_of(options).front().at(3) == "bob");
}

TEST_CASE("redis greeting: which servers are for us") {
  const RedisReply pong = text("PONG");
  CHECK(judge_greeting({hello("master", "standalone"), pong}, {}).has_value());
  // Its disk fails: it can still be read.
  CHECK(judge_greeting({hello("master", "standalone"), failure("MISCONF errors")}, {}).has_value());
  CHECK(judge_greeting({text("no facts"), pong}, {}).has_value());
  const auto why = [](const std::vector<RedisReply>& replies) {
    const Result<void> judged = judge_greeting(replies, {});
    REQUIRE_FALSE(judged.has_value());
    CHECK(judged.error().code == Errc::unavailable);
    return judged.error().message;
  };
  CHECK(why({hello("replica", "standalone"), pong}) == "it is a replica: name the primary");
  CHECK(why({hello("master", "cluster"), pong}) ==
        "it is a node of a Redis Cluster, which claimcheck does not use");
  CHECK(why({hello("master", "sentinel"), pong}) == "it is a Sentinel: write redis-sentinel://");
  CHECK(why({hello("master", "standalone"), failure("LOADING Redis is loading")}) ==
        "LOADING Redis is loading");
  CHECK(why({failure("NOAUTH HELLO must be called"), failure("NOAUTH")}) ==
        hello_refused("NOAUTH"));
  CHECK(why({failure("ERR unknown command `HELLO`, with args beginning with: `3` `hunter2`"),
             failure("NOAUTH")}) == "it is older than Redis 6");
}

TEST_CASE("redis greeting: a server that refuses to send pushes is told what that costs") {
  const RedisPushes pushes{.ask = {{"CLIENT", "TRACKING", "ON"}}, .without = "it is slower"};
  const RedisReply pong = text("PONG");
  CHECK(judge_greeting({hello("master", "standalone"), pong, text("OK")}, pushes).has_value());
  const Result<void> judged = judge_greeting(
      {hello("master", "standalone"), pong, failure("NOPERM User bob has no permissions")}, pushes);
  REQUIRE_FALSE(judged.has_value());
  CHECK(judged.error().message == "it refuses CLIENT TRACKING (NOPERM): it is slower");
}

TEST_CASE("redis greeting: why HELLO was refused, in words, and nothing of what was sent") {
  CHECK(hello_refused("WRONGPASS invalid username-password pair or user is disabled.") ==
        "it refuses the user or the password of REDIS_URL");
  CHECK(hello_refused("NOAUTH HELLO must be called with the client already authenticated") ==
        "it demands a password, and REDIS_URL has none");
  CHECK(hello_refused("ERR unknown command `HELLO`, with args beginning with: `3`, `hunter2`") ==
        "it is older than Redis 6");
  CHECK(hello_refused("DENIED Redis is running in protected mode").contains("protected mode"));
  CHECK(hello_refused("NOPERM hunter2") == "it refused HELLO 3 (NOPERM)");
  CHECK(hello_refused("ERR max number of clients reached") ==
        "it takes no more clients (maxclients)");
  CHECK(hello_refused("") == "it refused HELLO 3 without a reason");
}

TEST_CASE("redis answer: what a health check's end says about its link") {
  using How = RedisAnswer::How;
  const auto of = [](RedisAnswer answer) { return event_of_check(7, answer).what; };
  CHECK(of({.how = How::complete, .replies = {text("OK")}}) == RedisHappened::answered);
  CHECK(of({.how = How::complete, .replies = {failure("ERR no")}}) == RedisHappened::answered);
  CHECK(of({.how = How::complete, .replies = {text("OK"), failure("READONLY You can't")}}) ==
        RedisHappened::demoted);
  CHECK(of({.how = How::not_connected}) == RedisHappened::broke);
  CHECK(of({.how = How::broken}) == RedisHappened::broke);
  const RedisEvent late = event_of_check(7, {.how = How::late, .why = "too slow"});
  CHECK(late.what == RedisHappened::late);
  CHECK(late.attempt == 7);
  CHECK(late.why == "too slow");
}

TEST_CASE("redis answer: what the greeting's end says about its link") {
  using How = RedisAnswer::How;
  const auto of = [](RedisAnswer answer) { return event_of_greeting(7, answer, {}).what; };
  CHECK(of({.how = How::broken}) == RedisHappened::broke);
  CHECK(of({.how = How::late}) == RedisHappened::late);
  CHECK(of({.how = How::complete, .replies = {hello("master", "standalone"), text("PONG")}}) ==
        RedisHappened::welcomed);
  const RedisEvent away = event_of_greeting(
      7, {.how = How::complete, .replies = {hello("replica", "standalone"), text("PONG")}}, {});
  CHECK(away.what == RedisHappened::turned_away);
  CHECK(away.attempt == 7);
  CHECK(away.why == "it is a replica: name the primary");
}

TEST_CASE("redis answer: what a request's end says to its caller") {
  using How = RedisAnswer::How;
  CHECK(result_of({.how = How::complete, .replies = {text("OK")}}).value().size() == 1);
  CHECK(result_of({.how = How::not_connected}).error().code == Errc::not_sent);
  CHECK(result_of({.how = How::late}).error().code == Errc::ambiguous);
  const auto broken = result_of({.how = How::broken, .why = "it broke"});
  CHECK(broken.error().code == Errc::ambiguous);
  CHECK(broken.error().message == "it broke");
}

}  // namespace
}  // namespace claimcheck
