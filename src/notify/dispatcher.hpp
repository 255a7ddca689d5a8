// Dispatcher: dispatches the outbox messages of one channel to their receiver. It works beside the
// orders and never delays them: it has its own tasks, a few at once, each with the time limit of
// its sender. A failed attempt is repeated on a fixed schedule; after the last one the message is
// given up. While a receiver is away, all messages wait for a while, and then one of them is tried.
// Any number of processes may run it on one Redis. At least once: after a crash between sending and
// recording, the message is sent again under the same id. Owned by the composition root.
#pragma once

#include "base/breaker.hpp"
#include "base/tasks.hpp"
#include "flow/context.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace claimcheck {

// accepted: the receiver has it. skipped: nobody is to be notified. retry: failed, but only this
// message. away: the receiver accepts nothing now; try again, and send nothing else meanwhile.
// rejected: it will never accept this message. not_ready: the message could not be built; this
// counts as no attempt.
enum class SendResult { accepted, skipped, retry, away, rejected, not_ready };

struct Delivery {
  SendResult result = SendResult::not_ready;
  std::int64_t status = 0;  // of the answer; 0 = there was none
  Duration wait{0};         // what the receiver asked for
  std::string why;          // for log and operator: no address, nothing of the message
};

// The send result for an order that could not be loaded: `unknown` if there is none, rejected if it
// is unreadable, not_ready if the store did not answer.
Delivery not_loaded(const Error& error, const Delivery& unknown);

using Deliver = std::function<boost::asio::awaitable<Delivery>(OutboxMessage)>;

// The wait before the next attempt, after `attempts` of them; nothing = that was the last one. The
// id gives a jitter of up to a tenth, so that messages which failed together do not come back
// together.
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

  // Runs until stop(). A message that is under way then is finished by its own task.
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
