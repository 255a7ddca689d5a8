// Fulfilment: the worker loop. It leases due orders from the work index, runs a pass over each (at
// most orders_max at once) and ends each lease with an ack. What made an order due, and how often,
// does not matter: a pass reads what is true now. It looks at the index again and again, and at
// once when look() is called. Any number of processes may run it on one Redis. Borrows context and
// tasks; the context names it as long as it lives.
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
  Duration lease = std::chrono::seconds(30);            // renewed while a pass runs
  Duration idle_wait = std::chrono::milliseconds(200);  // between two readings of the index
  Duration failed_wait = std::chrono::seconds(1);       // when Redis does not answer
};

class Fulfilment {
 public:
  Fulfilment(Context& context, Tasks& tasks, FulfilmentLimits limits = {});
  ~Fulfilment();
  Fulfilment(const Fulfilment&) = delete;
  Fulfilment& operator=(const Fulfilment&) = delete;

  // Runs until stop(). Orders that are under way then are finished by their own tasks.
  boost::asio::awaitable<void> run();
  void stop();
  // An order may be due: the index is read now, or as soon as a place is free.
  void look();
  // Whether a due order would be taken now.
  bool has_room() const;

 private:
  boost::asio::awaitable<void> look_now();
  boost::asio::awaitable<bool> take_all();
  boost::asio::awaitable<bool> take_due();
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
  bool alone_ = false;  // an order with expired leases is under way
  bool stopping_ = false;
  bool looking_ = false;                     // the index is being read
  bool look_again_ = false;                  // after that, once more
  bool more_due_ = false;                    // orders may be due that had no place
  std::optional<Duration> told_other_mode_;  // steady
  Duration other_mode_until_{0};             // steady: until then nothing is taken
};

}  // namespace claimcheck
