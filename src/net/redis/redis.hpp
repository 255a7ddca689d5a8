// Redis: one logical connection to a Redis or Valkey server, named by its address or by Sentinels
// that know the primary; they are asked before each connecting. Requests of many coroutines share
// it and are pipelined. It connects by itself, again and again with growing pauses; ready() says
// whether it is connected. A request is sent at most once: when the connection breaks, the answer
// is `ambiguous`; when there is no connection, it is `not_sent` at once. Every request has a
// time-out, and a health check too: one without an answer ends the connection for all. Replies
// nested deeper than five arrays end it too. Pub/sub and WAIT must not be sent
// here. For one thread: that of its executor. `clock` is the machine's, since sockets wait in real
// time; it outlives the executor's last task. Owned by the composition root.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace claimcheck {

// Where a server listens.
struct RedisPlace {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string socket = {};  // the path of a Unix socket, instead of both
  bool operator==(const RedisPlace&) const = default;
};
// "host:port", or the path; for people.
std::string text_of(const RedisPlace& place);

// redis://[user[:password]@]host[:port][/db]
// unix://[user[:password]@]/path[?db=db]
// redis-sentinel://[user[:password]@]host[:port],host[:port]…/primary[/db]
// rediss and rediss-sentinel for TLS. User and password are those of the servers; Sentinels have
// their own, see RedisOptions.
struct RedisAddress {
  bool tls = false;
  RedisPlace place;  // not of Sentinels
  std::vector<RedisPlace> sentinels;
  std::string primary;  // by the name that the Sentinels know it by
  std::string user;
  Secret password;
  int db = 0;

  // Errors: invalid; the message holds no part of the URL, since that has the password.
  static Result<RedisAddress> parse(std::string_view url);
};
// Of the server or the Sentinels, for people; without user and password.
std::string text_of(const RedisAddress& address);

// For rediss://. The files are in PEM form.
struct RedisTls {
  std::string ca_file;           // authorities that are trusted; empty = the system's
  std::string certificate_file;  // that we show, with its chain; empty = none
  std::string key_file;          // its private key
  std::string server_name;       // that the server's certificate must have; empty = the host
  bool operator==(const RedisTls&) const = default;
};

// One reply of the server. A null reply is std::monostate; an array nests. Sets are arrays, maps
// are arrays of keys and values in turn; doubles, big numbers and booleans ("true") are text.
struct RedisReply {
  struct Failure {
    std::string text;  // "NOSCRIPT No matching script"
  };
  using Array = std::vector<RedisReply>;
  std::variant<std::monostate, std::string, std::int64_t, Array, Failure> value;

  bool null() const { return std::holds_alternative<std::monostate>(value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  std::string* text() { return std::get_if<std::string>(&value); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  Array* array() { return std::get_if<Array>(&value); }
  const Failure* failure() const { return std::get_if<Failure>(&value); }
};

using RedisCommand = std::vector<std::string>;

// Messages that a server sends by itself, after it was asked to do so once.
struct RedisPushes {
  std::vector<RedisCommand> ask;  // behind each greeting; a refusal ends the connection
  std::string without;            // what a refusal costs, for people
  // The texts of one push as they came: {"invalidate", "session:cs_…"}. A push that the server sent
  // before a reply is received before that reply is returned.
  std::function<void(std::vector<std::string> texts)> receive;
  // Called at each connection and at its end, in turn. Pushes between the two connections are lost.
  std::function<void(bool now)> connected;
};

struct RedisLogin {
  std::string user;
  Secret password;
};

struct RedisOptions {
  RedisAddress address;
  RedisLogin sentinel_login = {};
  RedisTls tls = {};
  Duration connect_timeout = std::chrono::seconds(3);  // from the address to a greeted server
  Duration request_timeout = std::chrono::seconds(5);
  Duration health_interval = std::chrono::seconds(2);  // between two PINGs
  RedisPushes pushes = {};                             // without `receive` they are ignored
};

class Redis {
 public:
  Redis(boost::asio::any_io_executor executor, const Clock& clock, RedisOptions options);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // Starts connecting. stop() ends the connection and fails the requests under way.
  void start();
  void stop();
  bool ready() const;
  // Gives the present link up, and opens a new one. Requests under way end as with a broken link.
  void reopen(const std::string& why);
  // `told` is called as RedisPushes::connected is, for a part that is made after this object. It
  // replaces the one before; empty = nobody.
  void tell_changes_to(std::function<void(bool now)> told);
  // Why the last attempt or connection ended; for people. Empty while it is connected.
  const std::string& last_loss() const;
  // Of the present or last connection.
  const RedisPlace& place() const;
  boost::asio::any_io_executor executor() const;
  const Clock& clock() const;
  const RedisOptions& options() const;

  // Commands are borrowed until their answer, so await it where they live.

  // One command. An error of the server is a reply: RedisReply::Failure. Errors: not_sent,
  // ambiguous.
  boost::asio::awaitable<Result<RedisReply>> exec(const RedisCommand& command);
  // Several commands in one round trip, replies in order. Not a transaction. Errors: as of exec().
  boost::asio::awaitable<Result<std::vector<RedisReply>>> exec_all(
      std::span<const RedisCommand> commands);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
