// Dispatcher: dispatches the messages of one way out of the outbox to their receiver, beside the
// orders and never in their way: its own tasks, few at once, each with a time limit of its sender.
// What is refused is tried again on a fixed schedule and then given up; a receiver that is away is
// left alone by all messages for a while, and then tried with one. Any number of processes may run
// it on one Redis. At least once: who crashes between sending and recording sends again, under the
// same id. Owned by the composition root.
#pragma once

#include "base/breaker.hpp"
#include "base/tasks.hpp"
#include "flow/context.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace claimcheck {

// accepted: the receiver has it. skipped: nobody is to be notified. retry: not this one, not now.
// away: the receiver accepts nothing now; try again, and send nothing else meanwhile. rejected: it
// never will accept this one. not_ready: the message could not be put together; no attempt.
enum class SendResult { accepted, skipped, retry, away, rejected, not_ready };

struct Delivery {
  SendResult result = SendResult::not_ready;
  std::int64_t status = 0;  // what was answered; 0 = nothing
  Duration wait{0};         // what the receiver asked for
  std::string why;          // for log and operator: no address, nothing of the message
};

// What is told of an order that could not be loaded: of an unknown one `unknown`, of an unreadable
// one nothing until a person has seen to it.
Delivery not_loaded(const Error& error, const Delivery& unknown);

using Deliver = std::function<boost::asio::awaitable<Delivery>(OutboxMessage)>;

// The wait before the next attempt after so many; nothing = that was the last one. The id gives a
// jitter of up to a tenth, so that what failed at once does not come back at once.
std::optional<Duration> next_attempt(std::int64_t attempts, std::string_view id);
inline constexpr std::int64_t attempts_max = 10;
inline constexpr Duration asked_wait_max = std::chrono::hours(24);

struct DispatcherLimits {
  std::size_t at_once = 8;
  Duration lease = std::chrono::seconds(60);  // longer than an attempt takes
  Duration idle_wait = std::chrono::milliseconds(500);
  Duration failed_wait = std::chrono::seconds(1);  // when Redis does not answer
};

class Dispatcher {
 public:
  Dispatcher(Context& context, Tasks& tasks, Channel channel, Deliver deliver,
             DispatcherLimits limits = {});

  // Runs until stop(); what is under way then is finished by its own task.
  boost::asio::awaitable<void> run();
  void stop() { stopping_ = true; }

 private:
  boost::asio::awaitable<Duration> take_due();
  boost::asio::awaitable<void> dispatch(TakenMessage taken);
  void tell_breaker(const Delivery& delivery);
  void note(const OutboxMessage& message, const Delivery& delivery, MessageState end) const;

  Context& context_;
  Tasks& tasks_;
  Channel channel_;
  Deliver deliver_;
  DispatcherLimits limits_;
  Breaker breaker_;
  std::size_t dispatching_ = 0;
  bool stopping_ = false;
};

}  // namespace claimcheck
