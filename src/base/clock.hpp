// Clock: the only source of time. It gives wall time (Time, microseconds since 1970, UTC) for what
// is stored and shown, steady time for durations inside the process, and sleep. RealClock is the
// machine's. FollowingClock follows another machine's wall time. ManualClock moves only when a test
// moves it, and then wakes the sleepers that are due, so a deadline of twenty minutes takes no
// time. No other file may ask the machine for the time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

using Duration = std::chrono::microseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time. It may jump in both directions.
  virtual Time now() const = 0;
  // Steady time, from a moment that means nothing. It never goes back.
  virtual Duration steady() const = 0;
  // Resumes on the caller's executor. Cancelling the coroutine ends the sleep early.
  virtual boost::asio::awaitable<void> sleep(Duration length) = 0;
  // False while the wall time may be wrong: it has jumped, and no third clock has confirmed it
  // since.
  // Deadlines that cannot be undone wait for it.
  virtual bool trusted() const { return true; }
  // How long it has been trusted since its last jump. A time that was written before may be wrong
  // by the length of the jump. The longest duration there is = it has not jumped.
  virtual Duration trusted_for() const { return Duration::max(); }
};

class RealClock final : public Clock {
 public:
  Time now() const override;
  Duration steady() const override;
  boost::asio::awaitable<void> sleep(Duration length) override;
};

// The wall time of another machine, for times that other processes compare with theirs. Between two
// readings it advances by our steady time, so a step of our own wall clock changes nothing.
class FollowingClock final : public Clock {
 public:
  // Until the first reading it gives our own wall time.
  explicit FollowingClock(Clock& own);
  Time now() const override;
  Duration steady() const override;
  boost::asio::awaitable<void> sleep(Duration length) override;
  // `theirs` is the other machine's time at this moment. Returns how far that clock has jumped
  // since the last reading, compared with our steady time; zero = no jump. After a jump, and before
  // the first confirm(), it is not trusted.
  Duration follow(Time theirs);
  // A third clock agrees: it is trusted from now on.
  void confirm();
  bool trusted() const override { return trusted_; }
  Duration trusted_for() const override;

  // A smaller difference is the time that a reading needs, not a jump.
  static constexpr Duration jump_min = std::chrono::seconds(10);

 private:
  Clock& own_;
  Time steady_zero_;  // their time when our steady time was 0
  bool followed_ = false;
  bool trusted_ = false;
  bool jumped_ = false;
  Duration trusted_since_{0};  // steady; after a jump
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start);
  ~ManualClock() override;
  Time now() const override;
  Duration steady() const override;
  boost::asio::awaitable<void> sleep(Duration length) override;
  // Moves both times, and wakes the sleepers that are due, in the order of their times.
  void advance(Duration length);
  // The earliest moment a sleeper waits for; a driver of simulated time jumps there.
  std::optional<Time> next_wake() const;

 private:
  struct Sleepers;
  Time start_;
  Time now_;
  std::unique_ptr<Sleepers> sleepers_;
};

// "2026-11-23T09:15:00.123Z", as JavaScript's toISOString prints it.
std::string to_iso(Time time);
// Nothing when the text is not exactly of that form.
std::optional<Time> from_iso(std::string_view text);
// "Mon, 23 Nov 2026 09:15:00 GMT", as HTTP's Date header has it; whole seconds.
std::string to_http_date(Time time);
// Nothing when the text is not of that form.
std::optional<Time> from_http_date(const std::string& text);

// The stored form of a time: whole microseconds, which a double still holds exactly.
inline std::int64_t to_us(Time time) { return time.time_since_epoch().count(); }
inline Time from_us(std::int64_t us) { return Time(Duration(us)); }
inline std::int64_t to_unix_s(Time time) { return to_us(time) / 1'000'000; }
inline Time from_unix_s(std::int64_t s) { return from_us(s * 1'000'000); }

}  // namespace claimcheck
