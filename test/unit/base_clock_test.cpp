#include "base/clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <string>

namespace claimcheck {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

asio::awaitable<void> sleep_and_say(Clock& clock, Duration length, char name, std::string& said) {
  co_await clock.sleep(length);
  said += name;
}

TEST_CASE("clock: ISO times are those of JavaScript") {
  struct Row {
    std::int64_t us;
    const char* text;
  };
  const Row rows[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {951'782'399'999'000, "2000-02-28T23:59:59.999Z"},
      {951'825'600'000'000, "2000-02-29T12:00:00.000Z"},
      {1'795'425'300'123'000, "2026-11-23T09:15:00.123Z"},
      {-1'000, "1969-12-31T23:59:59.999Z"},
      {253'402'300'799'999'000, "9999-12-31T23:59:59.999Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    CHECK(to_iso(from_us(row.us)) == row.text);
    REQUIRE(from_iso(row.text).has_value());
    CHECK(to_us(*from_iso(row.text)) == row.us);
  }
  CHECK(to_iso(from_us(1'999)) == "1970-01-01T00:00:00.001Z");  // cut, not rounded
  CHECK(to_unix_s(from_unix_s(1'790'000'000)) == 1'790'000'000);
}

TEST_CASE("clock: HTTP dates") {
  const Time time = from_unix_s(1'795'425'300);
  CHECK(to_http_date(time) == "Mon, 23 Nov 2026 09:15:00 GMT");
  CHECK(from_http_date("Mon, 23 Nov 2026 09:15:00 GMT") == time);
  for (const char* text : {"", "2026-11-23T09:15:00Z", "Mon, 23 Nov 2026 09:15:00 GMT ",
                           "Mon, 23 Nov 2026 09:15:00 CET"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(from_http_date(text).has_value());
  }
}

TEST_CASE("clock: what is no ISO time is none") {
  for (const char* text :
       {"", "2026-11-23", "2026-11-23T09:15:00Z", "2026-11-23T09:15:00.123",
        "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
        "2026-11-31T00:00:00.000Z", "2026-11-23T24:00:00.000Z", "2026-11-23T00:60:00.000Z",
        "2026-11-23T00:00:60.000Z", "2026-11-23 09:15:00.123Z", "2026-11-23T09:15:00.123+",
        "2026-11-23T09:15:00.123Zx", "-026-11-23T09:15:00.123Z", "2026-11-23T09:15:00,123Z"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(from_iso(text).has_value());
  }
}

TEST_CASE("clock: a manual clock stands still, and wakes the sleepers in the order of their time") {
  asio::io_context io;
  ManualClock clock(from_unix_s(1000));
  std::string said;
  asio::co_spawn(io, sleep_and_say(clock, seconds(30), 'c', said), asio::detached);
  asio::co_spawn(io, sleep_and_say(clock, seconds(10), 'a', said), asio::detached);
  asio::co_spawn(io, sleep_and_say(clock, seconds(20), 'b', said), asio::detached);
  asio::co_spawn(io, sleep_and_say(clock, seconds(20), 'B', said), asio::detached);
  io.poll();
  CHECK(said.empty());
  CHECK(clock.next_wake() == from_unix_s(1010));
  clock.advance(seconds(10) - Duration(1));
  io.poll();
  CHECK(said.empty());
  clock.advance(Duration(1));
  io.poll();
  CHECK(said == "a");
  CHECK(clock.next_wake() == from_unix_s(1020));
  clock.advance(hours(1));
  io.poll();
  CHECK(said == "abBc");
  CHECK_FALSE(clock.next_wake().has_value());
  CHECK(clock.now() == from_unix_s(1010) + hours(1));
  CHECK(clock.steady() == seconds(10) + hours(1));
}

TEST_CASE("clock: no sleep at all does not wait") {
  asio::io_context io;
  ManualClock clock(from_unix_s(0));
  std::string said;
  asio::co_spawn(io, sleep_and_say(clock, Duration(0), 'a', said), asio::detached);
  asio::co_spawn(io, sleep_and_say(clock, seconds(-1), 'b', said), asio::detached);
  io.poll();
  CHECK(said == "ab");
}

template <typename AnyClock>
void check_cancelled_sleep(AnyClock& clock) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  std::string said;
  asio::co_spawn(io, sleep_and_say(clock, hours(1), 'x', said),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  io.poll();
  CHECK(said.empty());
  cancel.emit(asio::cancellation_type::terminal);
  io.restart();
  io.poll();
  CHECK(said == "x");
}

TEST_CASE("clock: cancelling ends a sleep, and the manual clock forgets the sleeper") {
  ManualClock manual(from_unix_s(0));
  check_cancelled_sleep(manual);
  CHECK_FALSE(manual.next_wake().has_value());
  manual.advance(hours(2));
  RealClock real;
  check_cancelled_sleep(real);
}

// A wall clock that jumps, on a steady one that does not.
struct SteppedClock final : Clock {
  ManualClock inner{from_unix_s(1'000'000)};
  Duration stepped{0};
  Time now() const override { return inner.now() + stepped; }
  Duration steady() const override { return inner.steady(); }
  asio::awaitable<void> sleep(Duration length) override { return inner.sleep(length); }
};

TEST_CASE("E10 clock: who follows another clock does not notice how our own one jumps") {
  SteppedClock own;
  FollowingClock clock(own);
  CHECK(clock.now() == own.now());
  clock.follow(from_unix_s(2'000'000));
  for (const Duration step : {Duration(hours(1)), Duration(hours(-1)), Duration(seconds(1))}) {
    own.stepped = step;
    own.inner.advance(seconds(10));
  }
  CHECK(clock.now() == from_unix_s(2'000'030));
  CHECK(clock.steady() == own.steady());
}

TEST_CASE("clock: the real one moves, and sleeps for as long as it should") {
  asio::io_context io;
  RealClock clock;
  std::string said;
  const Duration start = clock.steady();
  asio::co_spawn(io, sleep_and_say(clock, milliseconds(30), 'x', said), asio::detached);
  io.run();
  CHECK(said == "x");
  CHECK(clock.steady() - start >= milliseconds(30));
  CHECK(clock.now() > from_unix_s(1'700'000'000));
}

TEST_CASE("E10: a followed clock that jumps is not trusted until a third one confirms it") {
  ManualClock own(from_unix_s(1'790'000'000));
  FollowingClock followed(own);
  CHECK_FALSE(followed.trusted());  // nobody has confirmed it yet
  CHECK(followed.follow(own.now() + std::chrono::hours(1)) == Duration(0));
  followed.confirm();
  own.advance(std::chrono::seconds(5));
  CHECK(followed.follow(own.now() + std::chrono::hours(1) + std::chrono::seconds(1)) ==
        Duration(0));
  CHECK(followed.trusted());
  CHECK(followed.trusted_for() == Duration::max());  // it has never jumped
  for (const Duration by : {Duration(std::chrono::hours(1)), Duration(-std::chrono::days(2))}) {
    const Time now = followed.now();
    CHECK(followed.follow(now + by) == by);
    CHECK_FALSE(followed.trusted());
    CHECK(followed.trusted_for() == Duration(0));
    followed.confirm();
    CHECK(followed.trusted());
    own.advance(std::chrono::seconds(7));
    followed.confirm();  // again is nothing
    CHECK(followed.trusted_for() == std::chrono::seconds(7));
  }
}

}  // namespace
}  // namespace claimcheck
