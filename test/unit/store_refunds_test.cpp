// The breaker in front of automatic refunds, and the memory of when a store was first used, against
// both stores.
#include "support/store_subjects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

const std::string id = "cs_test_refunds";

Money dollars(std::int64_t amount) { return {.amount_minor = amount * 100, .currency = "usd"}; }

StoreLimits with_refunds(RefundLimits refunds) {
  StoreLimits limits;
  limits.refunds = refunds;
  return limits;
}

template <typename Subject>
std::string refund(Subject& subject, int unit, Money amount) {
  return good(
      subject.run(subject.store.refunds->allow_refund(fmt::format("{}/{}", id, unit), amount)));
}

}  // namespace

TEST_CASE_TEMPLATE("store: refunds are allowed up to a number, then stopped until released", S,
                   BOTH) {
  S subject(with_refunds({.per_hour = 3}));
  for (int i = 0; i < 3; ++i) CHECK(refund(subject, i, dollars(1)) == "");
  CHECK(good(subject.run(subject.store.refunds->refund_breaker())).reason == "");
  CHECK(refund(subject, 3, dollars(1)) == "more than 3 refunds in an hour");
  CHECK(refund(subject, 2, dollars(1)) == "");  // what was allowed stays allowed
  const RefundBreaker breaker = good(subject.run(subject.store.refunds->refund_breaker()));
  CHECK(breaker.reason == "more than 3 refunds in an hour");
  CHECK(breaker.opened > from_unix_s(1'700'000'000));
  CHECK(good(subject.run(subject.store.refunds->release_refunds())));
  CHECK_FALSE(good(subject.run(subject.store.refunds->release_refunds())));
  CHECK(refund(subject, 3, dollars(1)) == "");
}

TEST_CASE_TEMPLATE("store: refunds are stopped by their sum, per currency", S, BOTH) {
  S subject(with_refunds({.amount_per_hour_minor = 10'000}));
  CHECK(refund(subject, 0, dollars(60)) == "");
  CHECK(refund(subject, 1, {.amount_minor = 6'000, .currency = "eur"}) == "");
  CHECK(refund(subject, 2, dollars(41)).find("more than 10000 usd") == 0);
}

TEST_CASE_TEMPLATE("store: refunds are stopped by their share of an hour's videos", S, BOTH) {
  S subject(with_refunds({.share_percent = 50, .share_from = 3}));
  for (int i = 0; i < 2; ++i) good(subject.run(subject.store.refunds->count_delivery()));
  for (int i = 0; i < 2; ++i) CHECK(refund(subject, i, dollars(1)) == "");
  CHECK(refund(subject, 2, dollars(1)) == "more than 50% of the videos of an hour refunded");
}

TEST_CASE_TEMPLATE("store: refunds are stopped by a day's number", S, BOTH) {
  S subject(with_refunds({.per_day = 1}));
  CHECK(refund(subject, 0, dollars(1)) == "");
  CHECK(refund(subject, 1, dollars(1)) == "more than 1 refunds in a day");
}

TEST_CASE("store: of many refunds at once, no more than the limit are allowed") {
  RedisSubject subject(with_refunds({.per_hour = 5}));
  std::vector<Async<std::string>> at_once;
  for (int i = 0; i < 40; ++i) {
    at_once.push_back(subject.store.refunds->allow_refund(fmt::format("{}/{}", id, i), dollars(1)));
  }
  int allowed = 0;
  for (const auto& answer : subject.run_all(std::move(at_once))) allowed += good(answer).empty();
  CHECK(allowed == 5);
}

TEST_CASE_TEMPLATE("store: it knows when it was first used", S, BOTH) {
  S subject;
  const Time born = good(subject.run(subject.store.marks->born()));
  CHECK(born <= subject.clock().now());
  CHECK(born > subject.clock().now() - std::chrono::minutes(1));
}

TEST_CASE("store: an emptied Redis no longer says when it was first used") {
  RedisSubject subject;
  subject.raw({"FLUSHALL"});
  CHECK(subject.run(subject.store.marks->born()).error().code == Errc::not_found);
}

TEST_CASE_TEMPLATE("store: it keeps how far events were read, counts what waits, lists claims", S,
                   BOTH) {
  S subject;
  CHECK(good(subject.run(subject.store.marks->reconciled())) == Time());
  const Time when = from_unix_s(1'790'000'000);
  good(subject.run(subject.store.marks->set_reconciled(when)));
  CHECK(good(subject.run(subject.store.marks->reconciled())) == when);
  CHECK(good(subject.run(subject.store.queue->waiting())) == 0);
  good(subject.run(subject.store.queue->schedule(id, when)));
  CHECK(good(subject.run(subject.store.queue->waiting())) == 1);
  CHECK(good(subject.run(subject.store.orders->claims(""))).session_ids.empty());
  REQUIRE(good(subject.run(subject.store.orders->create(new_order(id, std::nullopt)))));
  CHECK(good(subject.run(subject.store.orders->claims(""))).session_ids ==
        std::vector<std::string>{id});
}

TEST_CASE("store: every one of two thousand claims is listed") {
  RedisSubject subject;
  for (int i = 0; i < 2000; ++i) {
    subject.raw({"HSET", fmt::format("claim:{{session:cs_test_{}}}", i), "version", "1"});
  }
  subject.raw({"SET", "claim:{session:strange", "1"});
  std::vector<std::string> all;
  std::string cursor;
  do {
    ClaimPage page = good(subject.run(subject.store.orders->claims(cursor)));
    all.insert(all.end(), page.session_ids.begin(), page.session_ids.end());
    cursor = page.next;
  } while (!cursor.empty());
  std::ranges::sort(all);
  const auto repeated = std::ranges::unique(all);
  all.erase(repeated.begin(), repeated.end());
  CHECK(all.size() == 2000);
}

}  // namespace claimcheck::test
