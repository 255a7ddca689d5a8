#include "notify/dispatcher.hpp"

#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/alert.hpp"
#include "domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The waits after the first attempt, which is made at once. The schedule is Standard Webhooks'
// recommendation.
constexpr std::array<Duration, attempts_max - 1> waits = {seconds(5), minutes(5), minutes(30),
                                                          hours(2),   hours(5),   hours(10),
                                                          hours(14),  hours(20),  hours(24)};

// [0, 256). Derived from id and attempt, so every process gets the same.
std::int64_t jitter_of(std::int64_t attempts, std::string_view id) {
  const std::string digest = sha256_hex(fmt::format("{} {}", id, attempts));
  return std::stoll(digest.substr(0, 2), nullptr, 16);
}

AttemptResult end_of(const OutboxMessage& message, const Delivery& delivery) {
  AttemptResult end{.state = MessageState::done, .status = delivery.status, .why = delivery.why};
  if (delivery.result == SendResult::accepted) return end;
  if (delivery.result == SendResult::skipped) return end;
  const std::optional<Duration> wait = next_attempt(message.attempts + 1, message.id);
  // rejected has no further attempt: it goes to the given-up messages, where a person sees it.
  const bool not_now = delivery.result == SendResult::retry || delivery.result == SendResult::away;
  const bool again = not_now && wait;
  end.state = again ? MessageState::waiting : MessageState::dead;
  // The receiver's own wish may be longer than the schedule, never shorter.
  if (again) end.delay = std::max(*wait, std::min(delivery.wait, asked_wait_max));
  return end;
}

// How an attempt is counted and logged.
struct Noted {
  std::string_view label;
  std::string_view event;
  LogLevel level;
};

Noted noted_as(SendResult result, MessageState end) {
  // An error: the receiver was not notified, and only a person can change that.
  if (end == MessageState::dead) return {"dead", "message_given_up", LogLevel::error};
  if (end == MessageState::waiting) {
    return result == SendResult::not_ready ? Noted{"unready", "message_not_ready", LogLevel::warn}
                                           : Noted{"refused", "message_refused", LogLevel::warn};
  }
  return result == SendResult::skipped ? Noted{"needless", "message_skipped", LogLevel::info}
                                       : Noted{"sent", "message_sent", LogLevel::info};
}

}  // namespace

Delivery not_loaded(const Error& error, const Delivery& unknown) {
  if (error.code == Errc::not_found) return unknown;
  if (error.code == Errc::unreadable) {
    return {.result = SendResult::rejected, .why = "the order's data cannot be read"};
  }
  return {.result = SendResult::not_ready, .why = error.message};
}

std::optional<Duration> next_attempt(std::int64_t attempts, std::string_view id) {
  if (attempts < 1 || attempts >= attempts_max) return std::nullopt;
  const Duration wait = waits[static_cast<std::size_t>(attempts - 1)];
  // Only longer, never shorter: the schedule is a minimum.
  return wait + wait / 10 * jitter_of(attempts, id) / 256;
}

Dispatcher::Dispatcher(Context& context, Tasks& tasks, Channel channel, Deliver deliver,
                       DispatcherLimits limits)
    : context_(context),
      tasks_(tasks),
      channel_(channel),
      deliver_(std::move(deliver)),
      limits_(limits) {}

boost::asio::awaitable<void> Dispatcher::run() {
  while (!stopping_) {
    const Duration wait = co_await take_due();
    if (wait > Duration(0)) co_await context_.clock.sleep(wait);
  }
}

// Leases due messages and starts their tasks. Returns how long to wait before the next call.
boost::asio::awaitable<Duration> Dispatcher::take_due() {
  const Duration now = context_.clock.steady();
  // A failing receiver is tried with one message: the others would only use up their attempts.
  const std::size_t most = breaker_.failing() ? 1 : limits_.at_once;
  if (dispatching_ >= most || breaker_.wait(now) > Duration(0)) co_return limits_.idle_wait;
  const std::size_t room = most - dispatching_;
  Result<std::vector<TakenMessage>> taken =
      co_await context_.store.outbox->take_messages(channel_, room, limits_.lease);
  if (!taken) co_return limits_.failed_wait;
  for (TakenMessage& one : *taken) {
    ++dispatching_;
    // The message is the trial, if the receiver failed before.
    breaker_.ask(now);
    tasks_.start(dispatch(std::move(one)));
  }
  // There were as many as there was room for, so there may be more.
  co_return taken->size() == room && !breaker_.failing() ? Duration(0) : limits_.idle_wait;
}

boost::asio::awaitable<void> Dispatcher::dispatch(TakenMessage taken) {
  // A copy: the lease is moved into the ack below, and the log needs the message after it.
  const OutboxMessage message = taken.message;
  failpoint("message.before_send");
  const Delivery delivery = co_await deliver_(message);
  --dispatching_;  // before the next call to Redis: a slow Redis must not delay other messages
  tell_breaker(delivery);
  if (delivery.result == SendResult::not_ready) {
    // Nothing is recorded in the outbox: an attempt that was not made must not use one up.
    note(message, delivery, MessageState::waiting);
    co_return;  // it comes back when its lease expires
  }
  // A crash here sends the message again: the receiver knows it by its id.
  failpoint("message.after_send");
  const AttemptResult end = end_of(message, delivery);
  const Result<bool> settled =
      co_await context_.store.outbox->settle_message(std::move(taken), end);
  if (!settled) log_warn("message_not_settled", {{"id", message.id}});
  note(message, delivery, end.state);
}

// An answer that refuses one message closes the breaker: the receiver is there for the others.
void Dispatcher::tell_breaker(const Delivery& delivery) {
  const Duration now = context_.clock.steady();
  if (delivery.result == SendResult::away) {
    breaker_.refused(now, delivery.wait);
  } else if (delivery.status != 0) {
    breaker_.answered();
  } else {
    // Nothing was sent, so nothing is known about the receiver.
    breaker_.untried(now);
  }
}

void Dispatcher::note(const OutboxMessage& message, const Delivery& delivery,
                      MessageState end) const {
  const std::string_view channel = name_of(channel_);
  const Noted noted = noted_as(delivery.result, end);
  context_.metrics.count(Counter::notifications, fmt::format("{}_{}", channel, noted.label));
  // An alert that could not be told must not open another one about that.
  if (end == MessageState::dead && !is_alert_type(message.news)) {
    context_.metrics.count(Counter::setup_faults, "notifications");
  }
  log(noted.level, noted.event,
      {{"id", message.id},
       {"way", channel},
       {"session", message.session},
       {"news", message.news},
       {"attempt", message.attempts + 1},
       {"status", delivery.status},
       {"why", delivery.why}});
}

}  // namespace claimcheck
