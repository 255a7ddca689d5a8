// Signal: one coroutine waits for it, another part of the same thread rings it. It remembers
// nothing: a ring that no coroutine waits for is lost. So check the condition before you wait.
// Times are the machine's own, since this is about waiting, never about what is due.
#pragma once

#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace claimcheck {

class Signal {
 public:
  explicit Signal(const boost::asio::any_io_executor& executor);
  // Returns when it is rung, or after `limit`. For one coroutine at a time.
  boost::asio::awaitable<void> wait(Duration limit);
  // Wakes the coroutine that waits now, if there is one.
  void ring();

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace claimcheck
