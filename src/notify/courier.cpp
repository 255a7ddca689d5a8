#include "notify/courier.hpp"

#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// After the first attempt, which is made at once: the schedule that Standard Webhooks recommends.
constexpr std::array<Duration, attempts_max - 1> waits = {seconds(5), minutes(5), minutes(30),
                                                          hours(2),   hours(5),   hours(10),
                                                          hours(14),  hours(20),  hours(24)};

// [0, 256), the same for the same attempt.
std::int64_t jitter_of(std::int64_t attempts, std::string_view id) {
  const std::string digest = sha256_hex(fmt::format("{} {}", id, attempts));
  return std::stoll(digest.substr(0, 2), nullptr, 16);
}

LetterEnd end_of(const Letter& letter, const Delivery& delivery) {
  LetterEnd end{.state = LetterState::done, .status = delivery.status, .why = delivery.why};
  if (delivery.reception == Reception::taken) return end;
  if (delivery.reception == Reception::needless) return end;
  const std::optional<Duration> wait = next_attempt(letter.attempts + 1, letter.id);
  const bool not_now =
      delivery.reception == Reception::refused || delivery.reception == Reception::away;
  const bool again = not_now && wait;
  end.state = again ? LetterState::waiting : LetterState::dead;
  if (again) end.delay = std::max(*wait, std::min(delivery.wait, asked_wait_max));
  return end;
}

}  // namespace

Delivery not_loaded(const Error& error, const Delivery& unknown) {
  if (error.code == Errc::not_found) return unknown;
  if (error.code == Errc::unreadable) {
    return {.reception = Reception::gone, .why = "the order's data cannot be read"};
  }
  return {.reception = Reception::unready, .why = error.message};
}

std::optional<Duration> next_attempt(std::int64_t attempts, std::string_view id) {
  if (attempts < 1 || attempts >= attempts_max) return std::nullopt;
  const Duration wait = waits[static_cast<std::size_t>(attempts - 1)];
  return wait + wait / 10 * jitter_of(attempts, id) / 256;
}

Courier::Courier(Context& context, Tasks& tasks, LetterWay way, Deliver deliver,
                 CourierLimits limits)
    : context_(context), tasks_(tasks), way_(way), deliver_(std::move(deliver)), limits_(limits) {}

boost::asio::awaitable<void> Courier::run() {
  while (!stopping_) {
    const Duration wait = co_await take_due();
    if (wait > Duration(0)) co_await context_.clock.sleep(wait);
  }
}

// Returns how long to wait before the next look.
boost::asio::awaitable<Duration> Courier::take_due() {
  const Duration now = context_.clock.steady();
  // A receiver that fails is tried with one letter: the others would only use up their attempts.
  const std::size_t most = breaker_.failing() ? 1 : limits_.at_once;
  if (carrying_ >= most || breaker_.wait(now) > Duration(0)) co_return limits_.idle_wait;
  const std::size_t room = most - carrying_;
  Result<std::vector<TakenLetter>> taken =
      co_await context_.store.outbox->take_letters(way_, room, limits_.lease);
  if (!taken) co_return limits_.failed_wait;
  for (TakenLetter& one : *taken) {
    ++carrying_;
    breaker_.ask(now);
    tasks_.start(carry(std::move(one)));
  }
  // As many as there was room for: there may be more.
  co_return taken->size() == room && !breaker_.failing() ? Duration(0) : limits_.idle_wait;
}

boost::asio::awaitable<void> Courier::carry(TakenLetter taken) {
  const Letter letter = taken.letter;
  failpoint("letter.before_send");
  const Delivery delivery = co_await deliver_(letter);
  --carrying_;  // before the store is asked: a slow Redis must not hold the receiver up
  tell_breaker(delivery);
  if (delivery.reception == Reception::unready) {
    note(letter, delivery, LetterState::waiting);
    co_return;  // when the lease is over, again
  }
  failpoint("letter.after_send");
  const LetterEnd end = end_of(letter, delivery);
  const Result<bool> settled = co_await context_.store.outbox->settle_letter(std::move(taken), end);
  if (!settled) log_warn("letter_not_settled", {{"id", letter.id}});
  note(letter, delivery, end.state);
}

// A refusal of one letter is an answer: the receiver is there for the others.
void Courier::tell_breaker(const Delivery& delivery) {
  const Duration now = context_.clock.steady();
  if (delivery.reception == Reception::away) {
    breaker_.refused(now, delivery.wait);
  } else if (delivery.status != 0) {
    breaker_.answered();
  } else {
    breaker_.untried(now);
  }
}

void Courier::note(const Letter& letter, const Delivery& delivery, LetterState end) const {
  const std::string_view way = name_of(way_);
  std::string_view became = delivery.reception == Reception::unready ? "unready" : "refused";
  LogLevel level = LogLevel::warn;
  if (end == LetterState::done) {
    became = delivery.reception == Reception::needless ? "needless" : "sent";
    level = LogLevel::info;
  } else if (end == LetterState::dead) {
    became = "dead";
    level = LogLevel::error;
  }
  context_.metrics.count(Counter::notifications, fmt::format("{}_{}", way, became));
  log(level, fmt::format("letter_{}", became),
      {{"id", letter.id},
       {"way", way},
       {"session", letter.session},
       {"news", letter.news},
       {"attempt", letter.attempts + 1},
       {"status", delivery.status},
       {"why", delivery.why}});
}

}  // namespace claimcheck
