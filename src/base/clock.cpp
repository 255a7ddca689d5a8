#include "base/clock.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/chrono.h>

#include <charconv>
#include <ctime>
#include <map>
#include <utility>

namespace claimcheck {

namespace asio = boost::asio;

Time RealClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Duration RealClock::steady() const {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

asio::awaitable<void> RealClock::sleep(Duration length) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, length);
  // A cancelled sleep is not an error: the caller checks why it woke up.
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::deferred, cancelled));
}

FollowingClock::FollowingClock(Clock& own) : own_(own), steady_zero_(own.now() - own.steady()) {}

Time FollowingClock::now() const { return steady_zero_ + own_.steady(); }

Duration FollowingClock::steady() const { return own_.steady(); }

asio::awaitable<void> FollowingClock::sleep(Duration length) { return own_.sleep(length); }

Duration FollowingClock::follow(Time theirs) {
  // The first reading sets the clock and is no jump: there is nothing to compare it with.
  const Time zero = theirs - own_.steady();
  const Duration moved = zero - std::exchange(steady_zero_, zero);
  const bool jumped = std::exchange(followed_, true) && std::chrono::abs(moved) >= jump_min;
  if (!jumped) return Duration(0);
  trusted_ = false;
  jumped_ = true;
  return moved;
}

void FollowingClock::confirm() {
  if (!std::exchange(trusted_, true)) trusted_since_ = steady();
}

Duration FollowingClock::trusted_for() const {
  if (!trusted_) return Duration(0);
  return jumped_ ? steady() - trusted_since_ : Duration::max();
}

// A sleeper is a timer that never fires by itself; advance() wakes it by cancelling the timer.
struct ManualClock::Sleepers {
  std::multimap<Time, std::shared_ptr<asio::steady_timer>> by_time;
};

ManualClock::ManualClock(Time start)
    : start_(start), now_(start), sleepers_(std::make_unique<Sleepers>()) {}

ManualClock::~ManualClock() = default;

Time ManualClock::now() const { return now_; }

Duration ManualClock::steady() const { return now_ - start_; }

asio::awaitable<void> ManualClock::sleep(Duration length) {
  if (length <= Duration(0)) co_return;
  const auto executor = co_await asio::this_coro::executor;
  auto timer =
      std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  const auto entry = sleepers_->by_time.emplace(now_ + length, timer);
  const Time wake = entry->first;
  boost::system::error_code woken;
  co_await timer->async_wait(asio::redirect_error(asio::deferred, woken));
  // advance() has removed the entry already; after a cancellation from outside it is removed here.
  const auto [first, last] = sleepers_->by_time.equal_range(wake);
  for (auto it = first; it != last; ++it) {
    if (it->second != timer) continue;
    sleepers_->by_time.erase(it);
    break;
  }
}

void ManualClock::advance(Duration length) {
  now_ += length;
  auto& sleeping = sleepers_->by_time;
  // The entry is removed before its coroutine runs, so next_wake() never names a time that is over.
  while (!sleeping.empty() && sleeping.begin()->first <= now_) {
    const std::shared_ptr<asio::steady_timer> timer = sleeping.begin()->second;
    sleeping.erase(sleeping.begin());
    timer->cancel();
  }
}

std::optional<Time> ManualClock::next_wake() const {
  if (sleepers_->by_time.empty()) return std::nullopt;
  return sleepers_->by_time.begin()->first;
}

std::string to_iso(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string to_http_date(Time time) {
  const std::time_t seconds = to_unix_s(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", parts);
}

std::optional<Time> from_http_date(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return from_unix_s(timegm(&parts));
}

std::optional<Time> from_iso(std::string_view text) {
  // Exactly the form that to_iso() prints: a stored time has one spelling.
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return std::nullopt;
  }
  const auto number = [text](std::size_t at, std::size_t length) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + length, value);
    return value;
  };
  const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2))));
  // Digits alone could spell the 31st of February.
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
    return std::nullopt;
  }
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(number(11, 2)) +
         std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2)) +
         std::chrono::milliseconds(number(20, 3));
}

}  // namespace claimcheck
