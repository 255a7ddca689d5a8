#include "base/clock.hpp"
#include "net/descriptor.hpp"
#include "support/redis_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
namespace claimcheck {

namespace {

Result<RedisReply> ask(RedisClient& client, RedisCommand command) {
  return client.run(client.redis.exec(command));
}

bool says(RedisClient& client, RedisCommand command, const std::string& wanted) {
  const auto result = ask(client, std::move(command));
  return result && result->text() != nullptr && *result->text() == wanted;
}

// Runs what the loop can do at once: the request is in the kernel's hands after that.
void flush(RedisClient& client) {
  client.io.restart();
  while (client.io.poll() > 0) {
  }
}

// What the log says while this lives; it goes to standard error.
class Logged {
 public:
  Logged() : before_(dup(STDERR_FILENO)) {
    const Descriptor file(open(path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    dup2(file.get(), STDERR_FILENO);
  }
  ~Logged() { dup2(before_.get(), STDERR_FILENO); }
  std::string text() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path() const { return directory_.path() + "/log"; }
  TemporaryDirectory directory_;
  Descriptor before_;
};

RedisOptions hasty(RedisOptions options) {
  options.request_timeout = std::chrono::milliseconds(200);
  options.connect_timeout = std::chrono::milliseconds(500);
  options.health_interval = std::chrono::milliseconds(100);
  return options;
}

}  // namespace

TEST_CASE("redis: without a connection a request is not sent, at once") {
  RedisServer server;
  RedisClient client(server.options());
  const auto early = ask(client, {"PING"});
  REQUIRE(!early.has_value());
  CHECK(early.error().code == Errc::not_sent);
  REQUIRE(client.until_ready());
  server.kill();
  REQUIRE(client.until([&] { return !client.redis.ready(); }));
  const auto late = ask(client, {"PING"});
  REQUIRE(!late.has_value());
  CHECK(late.error().code == Errc::not_sent);
  server.start();
  bool goes_on = false;  // on a busy machine the impatient options may drop it once more
  for (int i = 0; i < 10 && !goes_on; ++i) {
    REQUIRE(client.until_ready());
    goes_on = says(client, {"PING"}, "PONG");
  }
  CHECK(goes_on);
}

TEST_CASE("redis: a server killed under a request makes it ambiguous, then all goes on") {
  RedisServer server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  REQUIRE(says(client, {"SET", "before", "kept"}, "OK"));
  for (int round = 0; round < 3; ++round) {
    server.freeze();
    const auto first = client.start(own_exec(client.redis, {"INCR", "n"}));
    const auto second = client.start(own_exec_all(client.redis, {{"INCR", "n"}, {"INCR", "n"}}));
    flush(client);
    server.kill();
    REQUIRE(client.until([&] { return first->has_value() && second->has_value(); }));
    REQUIRE(!(*first)->has_value());
    CHECK((*first)->error().code == Errc::ambiguous);
    REQUIRE(!(*second)->has_value());
    CHECK((*second)->error().code == Errc::ambiguous);
    // The answers may come before the client knows that its connection is over.
    REQUIRE(client.until([&] { return !client.redis.ready(); }));
    server.start();
    REQUIRE(client.until_ready());
    CHECK(says(client, {"GET", "before"}, "kept"));
  }
}

TEST_CASE("B10 redis: a server that still loads its data is no connection yet") {
  RedisServer server("key-load-delay 200");  // us for each command, of which all are read again
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  const std::vector<RedisCommand> writes(4000, {"SET", "before", "kept"});
  REQUIRE(client.run(client.redis.exec_all(writes)).has_value());
  server.kill();
  REQUIRE(client.until([&] { return !client.redis.ready(); }));
  server.start();
  REQUIRE(client.until([&] { return client.redis.last_loss().starts_with("LOADING"); }));
  REQUIRE(client.until_ready());
  CHECK(says(client, {"GET", "before"}, "kept"));
}

TEST_CASE("redis: no answer in time is ambiguous, and rightly so: it may be done later") {
  RedisServer server;
  RedisClient client(hasty(server.options()));
  REQUIRE(client.until_ready());
  server.freeze();
  const auto result = ask(client, {"SET", "late", "done"});
  REQUIRE(!result.has_value());
  CHECK(result.error().code == Errc::ambiguous);
  CHECK(result.error().message == "Redis gave no answer within 200 ms");
  REQUIRE(client.until([&] { return !client.redis.ready(); }));
  server.thaw();
  REQUIRE(client.until_ready());
  CHECK(client.until([&] { return says(client, {"GET", "late"}, "done"); }));
}

TEST_CASE("redis: a request that hits its time-out ends alone, and no reply goes to another one") {
  RedisServer server;
  RedisOptions options = server.options();
  options.request_timeout = std::chrono::milliseconds(300);
  RedisClient client(options);
  REQUIRE(client.until_ready());
  const std::int64_t id = *ask(client, {"CLIENT", "ID"})->integer();
  // It blocks the connection for longer than its time-out, and its answer comes then.
  const auto blocking = client.start(own_exec(client.redis, {"BLPOP", "nothing", "0.5"}));
  REQUIRE(client.until([&] { return blocking->has_value(); }));
  CHECK((*blocking)->error().code == Errc::ambiguous);
  for (int i = 0; i < 20; ++i) {
    const std::string text = fmt::format("behind {}", i);
    CHECK(says(client, {"ECHO", text}, text));
  }
  CHECK(*ask(client, {"CLIENT", "ID"})->integer() == id);
}

TEST_CASE("redis: a silent server is noticed without any request") {
  RedisServer server;
  RedisClient client(hasty(server.options()));
  REQUIRE(client.until_ready());
  server.freeze();
  CHECK(client.until([&] { return !client.redis.ready(); }));
  server.thaw();
  CHECK(client.until_ready());
}

TEST_CASE("redis: a server that refuses PING for a while keeps its connection") {
  // PING answers MISCONF after a snapshot failed: here its file name is taken by a directory.
  RedisServer server("appendonly no\nsave 3600 1\nenable-protected-configs yes");
  std::filesystem::create_directory(server.directory() + "/taken");
  RedisClient client(hasty(server.options()));
  REQUIRE(client.until_ready());
  const auto id = ask(client, {"CLIENT", "ID"});
  REQUIRE(says(client, {"CONFIG", "SET", "dbfilename", "taken"}, "OK"));
  REQUIRE(ask(client, {"BGSAVE"}).has_value());
  const auto pings_refused = [&] {
    const auto stats = ask(client, {"INFO", "commandstats"});
    const std::size_t at = stats->text()->find("cmdstat_ping");
    const std::size_t count = stats->text()->find("rejected_calls=", at);
    return at != std::string::npos && std::stoi(stats->text()->substr(count + 15)) >= 3;
  };
  REQUIRE(client.until(pings_refused));
  CHECK(client.redis.ready());
  REQUIRE(says(client, {"CONFIG", "SET", "dbfilename", "free.rdb"}, "OK"));
  REQUIRE(ask(client, {"BGSAVE"}).has_value());
  REQUIRE(client.until([&] { return says(client, {"PING"}, "PONG"); }));
  REQUIRE(ask(client, {"CONFIG", "RESETSTAT"}).has_value());
  REQUIRE(client.until([&] {
    const auto stats = ask(client, {"INFO", "commandstats"});
    return stats->text()->find("cmdstat_ping:calls=2") != std::string::npos;
  }));
  CHECK(*ask(client, {"CLIENT", "ID"})->integer() == *id->integer());
}

TEST_CASE("B21 redis: a reply nested too deep costs the connection, not the process") {
  RedisServer server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  const auto deep = ask(client, {"EVAL", "return {{{{{{{{1}}}}}}}}", "0"});
  REQUIRE(!deep.has_value());
  CHECK(deep.error().code == Errc::ambiguous);
  REQUIRE(client.until_ready());
  CHECK(says(client, {"PING"}, "PONG"));
}

TEST_CASE("redis: the log names the reason of a loss, never the password") {
  const Logged log;
  const auto says = [&](const std::string& event, const std::string& detail) {
    const std::string text = log.text();
    const std::size_t at = text.find(event);
    return at != std::string::npos && text.find(detail, at) != std::string::npos;
  };
  RedisServer server("requirepass s3cret");
  RedisOptions options = hasty(server.options());
  options.address.password = Secret("s3cret");
  {
    RedisClient client(options);
    REQUIRE(client.until([&] { return says("redis_connected", fmt::to_string(server.port())); }));
    server.kill();
    REQUIRE(client.until([&] { return !client.redis.ready(); }));
    REQUIRE(client.until([&] { return says("redis_connected", "Connection refused"); }));
    server.start();
    REQUIRE(client.until_ready());
    server.freeze();
    REQUIRE(client.until([&] { return says("redis_lost", "no answer within 200 ms"); }));
    server.thaw();
  }
  options.address.password = Secret("wr0ng");
  RedisClient stranger(options);
  REQUIRE(stranger.until([&] { return says("redis_lost", "refuses the user or the password"); }));
  CHECK(log.text().find("s3cret") == std::string::npos);
  CHECK(log.text().find("wr0ng") == std::string::npos);
}

TEST_CASE("redis: stop fails what is under way and stays stopped") {
  RedisServer server;
  RedisClient client(server.options());
  REQUIRE(client.until_ready());
  const auto waiting = client.start(own_exec(client.redis, {"BLPOP", "nothing", "0"}));
  flush(client);
  client.redis.stop();
  CHECK(!client.redis.ready());
  REQUIRE(client.until([&] { return waiting->has_value(); }));
  REQUIRE(!(*waiting)->has_value());
  CHECK((*waiting)->error().code == Errc::ambiguous);
  const auto after = ask(client, {"PING"});
  REQUIRE(!after.has_value());
  CHECK(after.error().code == Errc::not_sent);
  // Nothing is left to run: no attempt to connect, no timer.
  client.io.restart();
  CHECK(client.io.run_for(std::chrono::milliseconds(0)) == 0);
}

TEST_CASE("redis: the object may go at any moment") {
  RedisServer server;
  boost::asio::io_context io;
  for (const auto pace : {std::chrono::milliseconds(0), std::chrono::milliseconds(1)}) {
    for (int steps = 0; steps < 40; ++steps) {
      auto redis = std::make_unique<Redis>(io.get_executor(), machine_clock, server.options());
      redis->start();
      for (int step = 0; step < steps; ++step) io.run_one_for(pace);
      redis.reset();
      io.run();
      io.restart();
    }
  }
  // Between two steps of connecting: the resolver's thread is through, but nobody has looked.
  const RealClock clock;
  for (int round = 0; round < 10; ++round) {
    auto redis = std::make_unique<Redis>(io.get_executor(), machine_clock, server.options());
    redis->start();
    io.poll_one();
    const Duration resolved = clock.steady() + std::chrono::milliseconds(5);
    while (clock.steady() < resolved) {
      boost::asio::ip::tcp::resolver(io).resolve("127.0.0.1", "6379");
    }
    redis.reset();
    io.run();
    io.restart();
  }
  for (int steps = 0; steps < 40; ++steps) {
    boost::asio::io_context ends_first;
    Redis redis(ends_first.get_executor(), machine_clock, server.options());
    redis.start();
    for (int step = 0; step < steps; ++step) ends_first.run_one_for(std::chrono::milliseconds(1));
  }
}

}  // namespace claimcheck
