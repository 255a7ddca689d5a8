// RedisCatchUp: waits until every push about the past has been received. The server writes pushes
// and replies into one stream, and a reply is given to its asker after the pushes before it. So
// after the answer to a PING nothing is missing that any client had an answer about when the PING
// was sent. All who ask in one turn of the event loop share one PING, and one is under way at a
// time. Borrows the connection, whose pushes these are, and lives in its thread; it may end while
// its PING is under way.
#pragma once

#include "net/redis/redis.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace claimcheck {

class RedisCatchUp {
 public:
  explicit RedisCatchUp(Redis& redis);
  // False = the connection does not answer soon, so pushes may be missing.
  boost::asio::awaitable<bool> wait();

 private:
  static constexpr Duration patience = std::chrono::milliseconds(500);
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace claimcheck
