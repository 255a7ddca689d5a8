// RedisLink: one connection to a Redis server over Boost.Redis, from its opening to its end. Only
// this class and replies.hpp know that library. A link is opened once. After its end a new link
// replaces it, since the library's own reconnecting would send requests to a server that was not
// judged yet. It decides nothing: the machine (machine.hpp) decides whether the server
// can be used and whether a link is given up. Owned by shared_ptr; each coroutine that uses the
// link holds one. `clock` outlives the executor's last task. For one thread.
#pragma once

#include "net/redis/answer.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace claimcheck {

class RedisLink {
 public:
  // When a request is sent: only if there is a connection, or as soon as there is one.
  enum class When { connected, after_connecting };

  RedisLink(boost::asio::any_io_executor executor, const Clock& clock, const RedisOptions& options);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // Connects, and returns the reason when the connection has ended. Called once.
  boost::asio::awaitable<std::string> run();
  // Ends the link: run() returns soon.
  void cancel();
  // The commands are borrowed until the answer.
  boost::asio::awaitable<RedisAnswer> ask(std::span<const RedisCommand> commands, When when,
                                          Duration limit);
  // Returns when a push has come; false when the link has ended. Only if the options ask for
  // pushes. Call it again at once: the library reads nothing more while many pushes wait.
  boost::asio::awaitable<bool> pushed();
  // The texts of the oldest push that was not taken; nothing = there is none.
  std::optional<std::vector<std::string>> take_push();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
