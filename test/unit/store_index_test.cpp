// What every Store promises of the work index, against both stores.
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

namespace claimcheck::test {

namespace {

const std::string id = "cs_test_contract";
constexpr Duration hour = std::chrono::hours(1);

}  // namespace

#define BOTH MemorySubject, RedisSubject

TEST_CASE_TEMPLATE("store: what is due is taken once and hidden for the lease", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->schedule("cs_test_a", from_us(2'000))));
  good(subject.run(subject.store.queue->schedule("cs_test_b", from_us(1'000))));
  good(subject.run(subject.store.queue->schedule("cs_test_later", subject.clock().now() + hour)));
  const auto taken = good(subject.run(subject.store.queue->take(10, hour)));
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].member == "cs_test_b");
  CHECK(taken[1].member == "cs_test_a");
  CHECK(good(subject.run(subject.store.queue->take(10, hour))).empty());
}

TEST_CASE_TEMPLATE("store: take stops at its limit", S, BOTH) {
  S subject;
  for (int i = 0; i < 5; ++i) {
    good(subject.run(subject.store.queue->schedule(fmt::format("cs_test_{}", i), from_us(i))));
  }
  CHECK(good(subject.run(subject.store.queue->take(2, hour))).size() == 2);
  CHECK(good(subject.run(subject.store.queue->take(10, hour))).size() == 3);
}

TEST_CASE_TEMPLATE("store: schedule brings a member forward, and never puts it off", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->schedule(id, from_us(1))));
  good(subject.run(subject.store.queue->schedule(id, subject.clock().now() + hour)));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).size() == 1);
  good(subject.run(subject.store.queue->schedule("cs_test_day", subject.clock().now() + hour)));
  good(subject.run(subject.store.queue->schedule("cs_test_day", from_us(2))));
  CHECK(good(subject.run(subject.store.queue->due_at("cs_test_day"))) == from_us(2));
}

TEST_CASE_TEMPLATE("store: a wake between take and settle is kept", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(taken.size() == 1);
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  SUBCASE("park") { CHECK_FALSE(good(subject.run(subject.store.queue->settle(taken[0], hour)))); }
  SUBCASE("remove") {
    CHECK_FALSE(good(subject.run(subject.store.queue->settle(taken[0], std::nullopt))));
  }
  const auto again = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(again.size() == 1);
  CHECK(again[0].member == id);
}

TEST_CASE_TEMPLATE("store: what leaves the index is not unpaid any more", S, BOTH) {
  S subject;
  good(subject.run(subject.store.checkouts->enter(
      {.session_id = id, .due = from_us(1), .created = from_us(1), .bytes = 7})));
  const auto unpaid = [&] { return good(subject.run(subject.store.checkouts->unpaid_bytes())); };
  const auto settle = [&](std::optional<Duration> delay, bool woken) {
    const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
    REQUIRE(taken.size() == 1);
    if (woken) good(subject.run(subject.store.queue->wake(id, Announce::no)));
    good(subject.run(subject.store.queue->settle(taken[0], delay)));
  };
  settle(Duration(0), false);
  CHECK(unpaid() == 7);  // parked
  settle(std::nullopt, true);
  CHECK(unpaid() == 7);  // woken: another pass decides
  settle(std::nullopt, false);
  CHECK(unpaid() == 0);
  // Also an order that keeps nothing leaves it.
  good(subject.run(subject.store.checkouts->enter(
      {.session_id = id, .due = from_us(1), .created = from_us(1), .bytes = 0})));
  settle(std::nullopt, false);
  CHECK(unpaid() == 0);
  CHECK(good(subject.run(subject.store.lists->order_counts())).unpaid == 0);
}

TEST_CASE_TEMPLATE("store: wake ends a parking", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(taken.size() == 1);
  CHECK(good(subject.run(subject.store.queue->settle(taken[0], hour))));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).empty());
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).size() == 1);
}

TEST_CASE_TEMPLATE("store: only the last taker settles", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto first = good(subject.run(subject.store.queue->take(1, hour)));
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto second = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(first[0].score != second[0].score);
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(first[0], std::nullopt))));
  CHECK(good(subject.run(subject.store.queue->settle(second[0], std::nullopt))));
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(second[0], std::nullopt))));
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(second[0], hour))));
  good(subject.run(subject.store.queue->wake("pi:other", Announce::no)));
  CHECK(good(subject.run(subject.store.queue->take(9, hour))).size() == 1);  // settled is gone
}

TEST_CASE_TEMPLATE("store: a taker who was overtaken still brings its next look forward", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto first = good(subject.run(subject.store.queue->take(1, hour)));
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto second = good(subject.run(subject.store.queue->take(1, hour)));
  CHECK(good(subject.run(subject.store.queue->settle(second.at(0), 2 * hour))));
  CHECK_FALSE(
      good(subject.run(subject.store.queue->settle(first.at(0), 3 * hour))));  // never put off
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(first.at(0), Duration(0)))));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).size() == 1);
}

// A lease that has run out when it begins; time stands still in the one and not in the other.
constexpr Duration over = std::chrono::milliseconds(-1);

TEST_CASE_TEMPLATE("A14: leases that run out in a row are counted, knocks are not", S, BOTH) {
  S subject;
  const auto take = [&] { return good(subject.run(subject.store.queue->take(9, over))); };
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  for (std::int64_t lapses = 0; lapses < 4; ++lapses) {
    const auto taken = take();
    REQUIRE(taken.size() == 1);
    CHECK(taken[0].lapses == lapses);
  }
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto knocked = take();
  CHECK(knocked.at(0).lapses == 3);
  CHECK(good(subject.run(subject.store.queue->settle(knocked.at(0), over))));
  CHECK(take().at(0).lapses == 0);
}

TEST_CASE_TEMPLATE("A14: what lapsed twice is taken alone", S, BOTH) {
  S subject;
  const auto members = [&] {
    std::string all;
    for (const Due& due : good(subject.run(subject.store.queue->take(9, over)))) {
      all += due.member.back();
      if (due.member.back() == 'a') continue;
      good(subject.run(subject.store.queue->settle(due, over)));
    }
    return all;
  };
  good(subject.run(subject.store.queue->wake("cs_test_a", Announce::no)));
  CHECK(members() == "a");
  good(subject.run(subject.store.queue->wake("cs_test_b", Announce::no)));
  CHECK(members() == "ab");
  for (int i = 0; i < 4; ++i) CHECK(members().size() == 1);
}

TEST_CASE_TEMPLATE("store: a renewed lease is no lapse, and settles by its new score", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  Due due = good(subject.run(subject.store.queue->take(1, hour))).at(0);
  const std::optional<double> renewed =
      good(subject.run(subject.store.queue->renew(due, 2 * hour)));
  REQUIRE(renewed);
  CHECK(*renewed > due.score);
  CHECK_FALSE(
      good(subject.run(subject.store.queue->renew(due, hour))));  // an older score is not ours
  due.score = *renewed;
  CHECK(good(subject.run(subject.store.queue->settle(due, Duration(0)))));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).at(0).lapses == 0);
}

TEST_CASE_TEMPLATE("store: a lease is not renewed over a wake, nor when it is settled", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const Due due = good(subject.run(subject.store.queue->take(1, hour))).at(0);
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  CHECK_FALSE(good(subject.run(subject.store.queue->renew(due, hour))));
  const Due knocked = good(subject.run(subject.store.queue->take(1, hour))).at(0);
  CHECK(good(subject.run(subject.store.queue->settle(knocked, std::nullopt))));
  CHECK_FALSE(good(subject.run(subject.store.queue->renew(knocked, hour))));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).empty());
}

TEST_CASE_TEMPLATE("store: parked for no time is due at once", S, BOTH) {
  S subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
  CHECK(good(subject.run(subject.store.queue->settle(taken.at(0), Duration(0)))));
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).size() == 1);
}

TEST_CASE("store: a lease that is over makes a member due again") {
  MemorySubject subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto first = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(first.size() == 1);
  subject.clock().advance(hour);
  CHECK(good(subject.run(subject.store.queue->take(1, hour))).size() == 1);
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(first[0], std::nullopt))));
}

TEST_CASE("store: a wake in the very microsecond in which a lease ends is kept") {
  MemorySubject subject;
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  const auto taken = good(subject.run(subject.store.queue->take(1, hour)));
  REQUIRE(taken.size() == 1);
  subject.clock().advance(hour);
  good(subject.run(subject.store.queue->wake(id, Announce::no)));
  CHECK_FALSE(good(subject.run(subject.store.queue->settle(taken[0], std::nullopt))));
}

TEST_CASE("store: what is due moves with a clock of Redis that is put back") {
  RedisSubject subject;
  const Time later = subject.clock().now() + hour;
  good(subject.run(subject.store.queue->schedule("cs_test_a", later)));
  CHECK(good(subject.run(subject.store.queue->take(9, std::chrono::seconds(30)))).empty());
  const std::string seen = fmt::to_string(to_us(later + std::chrono::minutes(1)));
  subject.raw({"HSET", keys::taken(0), "!clock", seen});  // as it would be after a jump and back
  const auto due = good(subject.run(subject.store.queue->take(9, std::chrono::seconds(30))));
  REQUIRE(due.size() == 1);
  CHECK(due[0].member == "cs_test_a");
  CHECK(due[0].lapses == 0);
}

}  // namespace claimcheck::test
