// The records of the alerts, against both stores.
#include "domain/names.hpp"
#include "store/keys.hpp"
#include "support/store_subjects.hpp"

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

AlertRecord record(std::int64_t version) {
  return {.kind = AlertKind::generator_away,
          .version = version,
          .open = true,
          .pending = AlertNews::opened,
          .number = 2,
          .notices = 1,
          .begun_us = 3,
          .seen_us = 4,
          .since_us = 5,
          .closed_us = 6,
          .told_us = 7,
          .told_count = 8,
          .count = 9,
          .why = "no credit is left"};
}

template <typename Subject>
std::vector<AlertRecord> all(Subject& subject) {
  return good(subject.run(subject.store.alerts->alerts()));
}
template <typename Subject>
bool write(Subject& subject, AlertRecord next) {
  return good(subject.run(subject.store.alerts->write_alert(std::move(next))));
}

}  // namespace

TEST_CASE_TEMPLATE("store: an alert is read as it was written, the others are new", S, BOTH) {
  S subject;
  REQUIRE(all(subject).size() == alert_kinds);
  CHECK(write(subject, record(1)));
  for (const AlertRecord& one : all(subject)) {
    CAPTURE(name_of(one.kind));
    const bool written = one.kind == AlertKind::generator_away;
    CHECK(one == (written ? record(1) : AlertRecord{.kind = one.kind}));
  }
}

TEST_CASE_TEMPLATE("store: an alert is written only over the version before", S, BOTH) {
  S subject;
  CHECK_FALSE(write(subject, record(2)));
  CHECK(write(subject, record(1)));
  CHECK_FALSE(write(subject, record(1)));
  CHECK_FALSE(write(subject, record(3)));
  AlertRecord next = record(2);
  next.pending = AlertNews::none;
  next.why.clear();
  CHECK(write(subject, next));
  CHECK(all(subject).at(static_cast<std::size_t>(next.kind)) == next);
}

TEST_CASE_TEMPLATE("store: of several processes one decides a step of an alert", S, BOTH) {
  S subject;
  std::vector<Async<bool>> tasks;
  for (int i = 0; i < 8; ++i) tasks.push_back(subject.store.alerts->write_alert(record(1)));
  int written = 0;
  for (const Result<bool>& one : subject.run_all(std::move(tasks))) written += good(one) ? 1 : 0;
  CHECK(written == 1);
}

TEST_CASE_TEMPLATE("store: the balance is read once in a period", S, BOTH) {
  S subject;
  const Duration period = std::chrono::milliseconds(100);
  CHECK(good(subject.run(subject.store.alerts->balance_turn(period))));
  CHECK_FALSE(good(subject.run(subject.store.alerts->balance_turn(std::chrono::hours(1)))));
  pass(subject, 2 * period);
  CHECK(good(subject.run(subject.store.alerts->balance_turn(std::chrono::hours(1)))));
}

TEST_CASE_TEMPLATE("store: of a generator's balance the last day's readings are kept", S, BOTH) {
  S subject;
  std::vector<BalanceReading> kept;
  for (int hour = 0; hour < 30; ++hour) {
    const BalanceReading reading{.when = from_unix_s(1'790'000'000 + hour * 3600),
                                 .left = 100.25 - hour};
    kept = good(subject.run(subject.store.alerts->note_balance("fal", reading)));
  }
  REQUIRE(kept.size() == balance_readings_max);
  CHECK(kept.back().left == 71.25);
  CHECK(kept.front().left == 95.25);
  CHECK(kept.front().when == from_unix_s(1'790'000'000 + 5 * 3600));
  CHECK(good(subject.run(subject.store.alerts->note_balance("other", kept[0]))).size() == 1);
}

TEST_CASE("store: an alert of a newer release is left alone") {
  RedisSubject subject;
  CHECK(write(subject, record(1)));
  subject.raw({"HSET", keys::alerts(), "generator_away.pending", "a_new_word"});
  CHECK(all(subject).at(static_cast<std::size_t>(AlertKind::generator_away)) ==
        AlertRecord{.kind = AlertKind::generator_away});
  CHECK_FALSE(write(subject, record(1)));
}

}  // namespace claimcheck::test
