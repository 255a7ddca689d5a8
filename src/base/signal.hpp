// Signal: what one coroutine waits for and another part of the same thread rings. It remembers
// nothing: a ring that nobody waits for is lost, so whoever waits looks first. Times are the
// machine's own, since this is about waiting, never about what is due.
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
  void ring();

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace claimcheck
