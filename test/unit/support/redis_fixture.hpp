// Real Redis servers for unit tests, each private, on a free loopback port, with its data in a
// temporary directory, gone with its object.
//   RedisFixture  the embedded one (RedisProcess): what most tests want
//   RedisServer   a plain one on a port that stays, to be killed, frozen and started again
//   RedisSentinel one that watches a RedisServer
//   RedisClient   a Redis on an event loop of its own, driven by the test
// A constructor that cannot do its work throws, so the test fails. Nothing here sleeps. Servers and
// sockets wait in real time, so all of them are given the machine's clock.
#pragma once

#include "base/clock.hpp"
#include "net/child_process.hpp"
#include "net/redis/process.hpp"
#include "net/redis/redis.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace claimcheck {

inline const RealClock machine_clock;

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class RedisFixture {
 public:
  RedisFixture();
  const std::string& directory() const { return directory_.path(); }
  const std::string& url() const { return process_->url(); }
  RedisAddress address() const;
  RedisOptions options() const { return {.address = address()}; }
  int pid() const { return process_->pid(); }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<RedisProcess> process_;
};

class RedisServer {
 public:
  // `configuration` is more lines for redis.conf; {dir} and {port} stand for what they say.
  explicit RedisServer(std::string configuration = "");
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const std::string& directory() const { return directory_.path(); }
  std::uint16_t port() const { return port_; }
  RedisOptions options() const;
  std::string log() const;
  void kill();    // like kill -9
  void start();   // again, on the same port and data
  void freeze();  // connections stay open, nobody answers
  void thaw();

 private:
  TemporaryDirectory directory_;
  std::string configuration_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> child_;
};

class RedisSentinel {
 public:
  // `configuration`: which primaries it watches.
  explicit RedisSentinel(std::string configuration);
  RedisPlace place() const { return {.port = port_}; }
  std::string log() const;

 private:
  TemporaryDirectory directory_;
  std::string configuration_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> child_;
};

// For tests that look at an answer later: the command lives as long as its answer needs it.
template <typename Connection>
boost::asio::awaitable<Result<RedisReply>> own_exec(Connection& connection, RedisCommand command) {
  co_return co_await connection.exec(command);
}
inline boost::asio::awaitable<Result<std::vector<RedisReply>>> own_exec_all(
    Redis& redis, std::vector<RedisCommand> commands) {
  co_return co_await redis.exec_all(commands);
}

class RedisClient {
 public:
  // Starts connecting; does not wait.
  explicit RedisClient(RedisOptions options);
  ~RedisClient();

  boost::asio::io_context io;
  Redis redis;

  // Runs the event loop until the condition holds; false after 20 s.
  bool until(const std::function<bool()>& condition);
  bool until_ready() {
    return until([this] { return redis.ready(); });
  }

  // Runs the event loop until the coroutine is through and returns its result.
  template <typename T>
  T run(boost::asio::awaitable<T> work) {
    auto result = start(std::move(work));
    if (!until([&] { return result->has_value(); })) throw std::runtime_error("stuck coroutine");
    return std::move(**result);
  }

  // Starts the coroutine; its result is there once the loop ran long enough.
  template <typename T>
  std::shared_ptr<std::optional<T>> start(boost::asio::awaitable<T> work) {
    auto result = std::make_shared<std::optional<T>>();
    boost::asio::co_spawn(io, std::move(work), [result](std::exception_ptr error, T value) {
      if (error) std::rethrow_exception(error);
      *result = std::move(value);
    });
    return result;
  }
};

}  // namespace claimcheck
