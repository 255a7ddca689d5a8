// Clock: the only source of time. Wall time (Time, microseconds since 1970, UTC) for what is
// stored and shown, steady time for durations inside the process, and sleeping. RealClock is the
// machine's; FollowingClock is another machine's; ManualClock stands still until a test moves it,
// and then wakes whoever is due, so a twenty-minute deadline takes no time. No other file may ask
// the machine for the time.
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
  virtual Time now() const = 0;
  virtual Duration steady() const = 0;
  // Resumes on the caller's executor. Cancelling the coroutine ends the sleep early.
  virtual boost::asio::awaitable<void> sleep(Duration length) = 0;
  // False while its wall time may be wrong: it has jumped, and nobody has confirmed it since.
  virtual bool trusted() const { return true; }
  // How long it is trusted since its last jump: what was written before that may be wrong by as
  // much as it jumped. The longest duration there is: it has not jumped.
  virtual Duration trusted_for() const { return Duration::max(); }
};

class RealClock final : public Clock {
 public:
  Time now() const override;
  Duration steady() const override;
  boost::asio::awaitable<void> sleep(Duration length) override;
};

// The wall time of somebody else, for what others compare with theirs. Between two words of theirs
// it goes on by our steady time: a step of our own wall clock changes nothing.
class FollowingClock final : public Clock {
 public:
  // Until the first word: our own wall time.
  explicit FollowingClock(Clock& own);
  Time now() const override;
  Duration steady() const override;
  boost::asio::awaitable<void> sleep(Duration length) override;
  // `theirs` is what they have at this moment. Returns how far their clock has jumped since the
  // last word, against our steady time; zero = it has not. Not trusted then, nor before the first
  // word that is confirmed.
  Duration follow(Time theirs);
  // A third clock agrees with it.
  void confirm();
  bool trusted() const override { return trusted_; }
  Duration trusted_for() const override;

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
std::optional<Time> from_iso(std::string_view text);
// "Mon, 23 Nov 2026 09:15:00 GMT", as HTTP's Date header has it; whole seconds.
std::string to_http_date(Time time);
std::optional<Time> from_http_date(const std::string& text);

inline std::int64_t to_us(Time time) { return time.time_since_epoch().count(); }
inline Time from_us(std::int64_t us) { return Time(Duration(us)); }
inline std::int64_t to_unix_s(Time time) { return to_us(time) / 1'000'000; }
inline Time from_unix_s(std::int64_t s) { return from_us(s * 1'000'000); }

}  // namespace claimcheck
