// The pace of calls to a peer, against both stores. Intervals are so long that no test sees one
// end, but where it says so.
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

constexpr Duration interval = std::chrono::seconds(4);

PaceAsk first_lane(Duration patience = std::chrono::minutes(1)) {
  return {.limit = "test",
          .lane = "first",
          .interval = interval,
          .burst = 2 * interval,
          .patience = patience};
}
PaceAsk second_lane() {
  PaceAsk ask = first_lane();
  ask.lane = "second";
  ask.reserve = interval;
  ask.share = 6 * interval;
  return ask;
}

template <typename Subject>
PaceLeave ask(Subject& subject, PaceAsk asked) {
  return good(subject.run(subject.store.pace->ask_pace(std::move(asked))));
}
// Whole intervals, rounded up.
std::int64_t waited(const PaceLeave& leave) {
  return (leave.wait + interval - Duration(1)) / interval;
}

}  // namespace

TEST_CASE_TEMPLATE("store: after a burst each call in line has a moment of its own", S, BOTH) {
  S subject;
  for (int i = 0; i < 3; ++i) {
    const PaceLeave leave = ask(subject, first_lane());
    CHECK(leave.granted);
    CHECK(leave.wait == Duration(0));
  }
  for (int place = 1; place <= 3; ++place) {
    const PaceLeave leave = ask(subject, first_lane());
    CHECK(leave.granted);
    CHECK(waited(leave) == place);
  }
}

TEST_CASE_TEMPLATE("store: who would wait too long in line takes no place in it", S, BOTH) {
  S subject;
  for (int i = 0; i < 3; ++i) ask(subject, first_lane());
  for (int i = 0; i < 5; ++i) {
    const PaceLeave leave = ask(subject, first_lane(Duration(0)));
    CHECK_FALSE(leave.granted);
    CHECK(waited(leave) == 1);
  }
  CHECK(waited(ask(subject, first_lane())) == 1);
}

TEST_CASE_TEMPLATE("store: a lane with a reserve leaves it to those before it", S, BOTH) {
  S subject;
  CHECK(ask(subject, second_lane()).granted);  // its share
  CHECK(ask(subject, second_lane()).granted);
  const PaceLeave third = ask(subject, second_lane());
  CHECK_FALSE(third.granted);
  CHECK(waited(third) == 1);
  const PaceLeave reserved = ask(subject, first_lane());
  CHECK(reserved.granted);
  CHECK(reserved.wait == Duration(0));
}

TEST_CASE_TEMPLATE("store: a lane that has waited for its share is in line again", S, BOTH) {
  S subject;
  PaceAsk other = second_lane();
  other.share = std::chrono::milliseconds(300);
  CHECK(ask(subject, other).granted);
  for (int i = 0; i < 3; ++i) ask(subject, first_lane());
  const PaceLeave early = ask(subject, other);
  CHECK_FALSE(early.granted);
  CHECK(early.wait <= other.share);  // and then it shall ask again
  pass(subject, other.share);
  const PaceLeave later = ask(subject, other);
  CHECK(later.granted);
  CHECK(waited(later) == 2);  // behind those that are in line
}

TEST_CASE_TEMPLATE("store: a brake stops all for a moment, and then all are slower", S, BOTH) {
  S subject;
  const PaceBrake brake{.pause = interval, .slow = std::chrono::seconds(20)};
  good(subject.run(subject.store.pace->brake_pace("test", 2 * interval, brake)));
  CHECK(waited(ask(subject, first_lane())) == 1);
  CHECK(waited(ask(subject, first_lane())) == 3);
  good(subject.run(subject.store.pace->brake_pace("test", 2 * interval, brake)));  // known already
  CHECK(waited(ask(subject, first_lane())) == 5);
}

TEST_CASE_TEMPLATE("store: each limit has a book of its own", S, BOTH) {
  S subject;
  for (int i = 0; i < 4; ++i) ask(subject, first_lane());
  PaceAsk elsewhere = first_lane();
  elsewhere.limit = "live:checkout";
  CHECK(ask(subject, elsewhere).wait == Duration(0));
}

TEST_CASE("store: in memory a clock that is put back stops no call") {
  PaceBook book;
  const Time now = from_unix_s(1'790'000'000);
  CHECK(book.ask(second_lane(), now).granted);
  book.brake(2 * interval, PaceBrake(), now);
  const PaceLeave leave = book.ask(second_lane(), now - std::chrono::hours(1));
  CHECK(leave.granted);
  CHECK(leave.wait == Duration(0));
}

TEST_CASE("store: in Redis a clock that is put back stops no call, and a book does not stay") {
  RedisSubject subject;
  const std::string key = keys::pace("test");
  ask(subject, second_lane());
  CHECK(subject.raw_integer({"PTTL", key}) > 0);
  subject.raw({"HSET", key, "next_us", "99999999999999999", "slow_until_us", "99999999999999999",
               "last_us:second", "99999999999999999"});
  const PaceLeave leave = ask(subject, second_lane());
  CHECK(leave.granted);
  CHECK(leave.wait == Duration(0));
  CHECK(waited(ask(subject, first_lane())) == 0);  // nor is it slower
  CHECK(subject.raw_integer({"PTTL", key}) > 0);
}

}  // namespace claimcheck::test
