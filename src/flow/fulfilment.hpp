// Fulfilment: the worker loop. Takes due orders from the index, runs a pass over each (at most
// orders_max at once) and settles the entry. Level-triggered: it does not matter what made an order
// due, or how often; a pass reads what is true now. Any number of processes may run it on one
// Redis.
#pragma once

#include "base/tasks.hpp"
#include "flow/context.hpp"
#include "flow/leases.hpp"
#include "flow/order_in_work.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

struct FulfilmentLimits {
  std::size_t orders_max = 64;                          // at once, in this process
  Duration lease = std::chrono::seconds(30);            // renewed while a pass goes on
  Duration idle_wait = std::chrono::milliseconds(200);  // between two looks for due orders
  Duration failed_wait = std::chrono::seconds(1);       // when Redis does not answer
};

class Fulfilment {
 public:
  Fulfilment(Context& context, Tasks& tasks, FulfilmentLimits limits = {});

  // Runs until stop(); orders that are under way then are finished by their own tasks.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  boost::asio::awaitable<Duration> take_due();
  boost::asio::awaitable<void> work(Due due);
  boost::asio::awaitable<PassEnd> pass(std::string session_id);
  bool is_of_other_mode(std::string_view session_id);
  boost::asio::awaitable<PassEnd> quarantine(std::string member);
  boost::asio::awaitable<PassEnd> wake_order_of(std::string payment_intent);

  Context& context_;
  Tasks& tasks_;
  FulfilmentLimits limits_;
  Leases leases_;
  std::size_t working_ = 0;
  bool alone_ = false;  // an order whose workers died is under way
  bool stopping_ = false;
  std::optional<Duration> told_other_mode_;  // steady
  Duration other_mode_until_{0};             // steady: until then nothing is taken
};

}  // namespace claimcheck
