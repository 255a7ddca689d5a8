#include "support/redis_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck {

namespace {

RedisReply reply(RedisClient& client, RedisCommand command) {
  auto result = client.run(client.redis.exec(command));
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return std::move(*result);
}

std::vector<RedisReply> replies(RedisClient& client, std::vector<RedisCommand> commands) {
  auto result = client.run(client.redis.exec_all(commands));
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return std::move(*result);
}

// A reply on one line: text as it is, (1) for integers, - for null, ! for failures.
std::string shown(const RedisReply& reply) {
  if (reply.null()) return "-";
  if (const auto* text = reply.text()) return *text;
  if (const auto* integer = reply.integer()) return fmt::format("({})", *integer);
  if (const auto* failure = reply.failure()) return "!" + failure->text;
  std::string result = "[";
  for (const RedisReply& each : *reply.array()) {
    if (result.size() > 1) result += ' ';
    result += shown(each);
  }
  return result + "]";
}

}  // namespace

TEST_CASE("redis: every kind of reply") {
  RedisServer server("enable-debug-command yes");
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  struct Row {
    RedisCommand command;
    const char* shows;
  };
  const Row rows[] = {
      {{"PING"}, "PONG"},
      {{"SET", "a", "1"}, "OK"},
      {{"GET", "a"}, "1"},
      {{"GET", "missing"}, "-"},
      {{"INCR", "a"}, "(2)"},
      {{"DECRBY", "a", "9223372036854775807"}, "(-9223372036854775805)"},
      {{"LRANGE", "missing", "0", "-1"}, "[]"},
      {{"MGET", "a", "missing"}, "[-9223372036854775805 -]"},
      {{"NONSENSE"}, "!ERR unknown command 'NONSENSE', with args beginning with: "},
      {{"EVAL", "return {1,{'x',{},false,{2,{3}}},'y'}", "0"}, "[(1) [x [] - [(2) [(3)]]] y]"},
      {{"EVAL", "return {{},{},{'a'},'b'}", "0"}, "[[] [] [a] b]"},
      {{"EVAL", "return {redis.error_reply('E x'), 'b'}", "0"}, "[!E x b]"},
      {{"ZADD", "z", "1.5", "m"}, "(1)"},
      {{"ZSCORE", "z", "m"}, "1.5"},
      {{"HSET", "h", "f", "v"}, "(1)"},
      {{"HGETALL", "h"}, "[f v]"},
      {{"SADD", "s", "m"}, "(1)"},
      {{"SMEMBERS", "s"}, "[m]"},
      {{"DEBUG", "PROTOCOL", "true"}, "true"},
      {{"DEBUG", "PROTOCOL", "false"}, "false"},
      {{"DEBUG", "PROTOCOL", "null"}, "-"},
      {{"DEBUG", "PROTOCOL", "bignum"}, "1234567999999999999999999999999999999"},
      {{"DEBUG", "PROTOCOL", "verbatim"}, "This is a verbatim\nstring"},
      {{"DEBUG", "PROTOCOL", "map"}, "[(0) false (1) true (2) false]"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.shows));
    CHECK(shown(reply(client, row.command)) == row.shows);
  }
}

TEST_CASE("redis: several commands in one round trip keep their order, errors among them") {
  RedisFixture server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  const auto all = replies(client, {{"SET", "a", "x"},
                                    {"INCR", "a"},
                                    {"GET", "a"},
                                    {"NONSENSE"},
                                    {"MGET", "a", "b"},
                                    {"HGET", "a", "f"},
                                    {"GET", "b"},
                                    {"PING"}});
  REQUIRE(all.size() == 8);
  CHECK(shown(all[0]) == "OK");
  CHECK(shown(all[1]) == "!ERR value is not an integer or out of range");
  CHECK(shown(all[2]) == "x");
  CHECK(shown(all[3]).starts_with("!ERR unknown command"));
  CHECK(shown(all[4]) == "[x -]");
  CHECK(shown(all[5]).starts_with("!WRONGTYPE"));
  CHECK(shown(all[6]) == "-");
  CHECK(shown(all[7]) == "PONG");
  const auto transaction =
      replies(client, {{"MULTI"}, {"INCR", "a"}, {"SET", "a", "y"}, {"EXEC"}, {"GET", "a"}});
  CHECK(shown(transaction[3]) == "[!ERR value is not an integer or out of range OK]");
  CHECK(shown(transaction[4]) == "y");
  CHECK(replies(client, {}).empty());
  CHECK(client.redis.ready());
}

TEST_CASE("redis: values are bytes of any length") {
  RedisFixture server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  every_byte += "\r\n$-1\r\n";
  std::string large;
  for (std::uint32_t x = 1; large.size() < 4 * 1024 * 1024; x = x * 1664525 + 1013904223) {
    large += static_cast<char>(x >> 24);
  }
  for (const std::string& value : {std::string(), every_byte, large}) {
    CAPTURE(value.size());
    CHECK(shown(reply(client, {"SET", value, value})) == "OK");
    const RedisReply got = reply(client, {"GET", value});
    REQUIRE(got.text() != nullptr);
    CHECK((*got.text() == value));
  }
}

TEST_CASE("redis: many coroutines share the connection and each gets its own reply") {
  RedisFixture server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  std::vector<std::shared_ptr<std::optional<Result<std::vector<RedisReply>>>>> results;
  constexpr int count = 2000;
  for (int i = 0; i < count; ++i) {
    const std::string own = fmt::to_string(i);
    const RedisCommand set{"SET", own, std::string(static_cast<std::size_t>(i), 'x') + own};
    const RedisCommand wrong{"LPUSH", own, "x"};
    const RedisCommand get{"GET", own};
    results.push_back(client.start(own_exec_all(client.redis, {set, wrong, get})));
  }
  REQUIRE(client.until([&] {
    for (const auto& result : results) {
      if (!result->has_value()) return false;
    }
    return true;
  }));
  for (int i = 0; i < count; ++i) {
    const auto& result = **results[static_cast<std::size_t>(i)];
    REQUIRE(result.has_value());
    REQUIRE(result->size() == 3);
    CHECK(shown((*result)[1]).starts_with("!WRONGTYPE"));
    CHECK(
        (shown((*result)[2]) == std::string(static_cast<std::size_t>(i), 'x') + fmt::to_string(i)));
  }
}

TEST_CASE("redis: user, password and database come from the address") {
  RedisServer server("user me on >s3cret ~* +@all\nrequirepass other");
  RedisOptions options = server.options();
  options.address.user = "me";
  options.address.password = Secret("s3cret");
  options.address.db = 3;
  RedisClient client(options);
  REQUIRE(client.until_ready());
  CHECK(shown(reply(client, {"ACL", "WHOAMI"})) == "me");
  CHECK(shown(reply(client, {"CLIENT", "INFO"})).find(" db=3 ") != std::string::npos);
  CHECK(shown(reply(client, {"CLIENT", "INFO"})).find(" resp=3") != std::string::npos);

  SUBCASE("a wrong password is never ready") {
    options.address.password = Secret("wrong");
    RedisClient stranger(options);
    // The server's own list of refusals shows that it really tried, and more than once.
    const auto refused_twice = [&] {
      const RedisReply log = reply(client, {"ACL", "LOG"});
      return !log.array()->empty() && shown(log).find("count (1)") == std::string::npos;
    };
    REQUIRE(stranger.until(refused_twice));
    CHECK(!stranger.redis.ready());
    const auto result = stranger.run(stranger.redis.exec({"PING"}));
    REQUIRE(!result.has_value());
    CHECK(result.error().code == Errc::not_sent);
  }

  SUBCASE("a database that is not there is never ready") {
    options.address.db = 99;
    RedisClient lost(options);
    const auto selected = [&] {
      return shown(reply(client, {"INFO", "commandstats"})).find("cmdstat_select:calls=3") !=
             std::string::npos;
    };
    REQUIRE(lost.until(selected));
    CHECK(!lost.redis.ready());
  }
}

}  // namespace claimcheck
