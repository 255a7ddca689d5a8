// CrashPoint: where one simulated process may crash. Each call that leaves the process (store,
// network, clock) passes here; after a crash a call under way never returns, as if the machine had
// stopped in that moment. What it did before has happened.
#pragma once

#include "sim/chance.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace claimcheck::sim {

class CrashPoint {
 public:
  CrashPoint(boost::asio::any_io_executor executor, Chance& chance, const double& crash)
      : never_(std::move(executor), boost::asio::steady_timer::time_point::max()),
        chance_(chance),
        crash_(crash) {}

  bool dead() const { return dead_; }
  void crash() { dead_ = true; }

  // Passes at once, or never.
  boost::asio::awaitable<void> pass() {
    if (!dead_ && chance_.roll(crash_)) dead_ = true;
    while (dead_) co_await never_.async_wait(boost::asio::use_awaitable);
  }
  boost::asio::awaitable<void> pass_after_sleep() {
    while (dead_) co_await never_.async_wait(boost::asio::use_awaitable);
  }

 private:
  boost::asio::steady_timer never_;
  Chance& chance_;
  const double& crash_;  // probability at every passage
  bool dead_ = false;
};

}  // namespace claimcheck::sim
