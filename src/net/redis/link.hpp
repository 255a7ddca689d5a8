// RedisLink: one connection to a Redis server, from its address to its end, over Boost.Redis; it
// and the two adapters of replies.hpp are all that knows that library. It is opened once: after its
// end another link takes its place, since the library's own reconnecting leaves requests hanging
// after a refused connect. It decides nothing: whether the server is one for us, and whether a link
// is given up, is the machine's (machine.hpp). Owned by shared_ptr; each coroutine that is under
// way on it holds one. `clock` outlives the executor's last task. For one thread.
#pragma once

#include "net/redis/answer.hpp"

#include <memory>
#include <optional>
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

  // Connects, and is over when the connection is; why it is over. Once.
  boost::asio::awaitable<std::string> run();
  // Ends it. A cancel between two steps of connecting is missed: cancel again until it is over.
  void cancel();
  boost::asio::awaitable<RedisAnswer> ask(std::vector<RedisCommand> commands, When when,
                                          Duration limit);
  // The texts of the next push; nothing when the link is over. Only if the options want pushes,
  // and always to be called again: the library reads nothing more while a push waits.
  boost::asio::awaitable<std::optional<std::vector<std::string>>> next_push();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
