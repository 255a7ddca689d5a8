// Who walks over all claims, and what the walk puts back, against both stores.
#include "flow/reconcile.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <fmt/format.h>

namespace claimcheck::test {

#define BOTH MemorySubject, RedisSubject

namespace {

using std::chrono::hours;
using std::chrono::minutes;

template <typename Subject>
std::optional<Time> next_walk(Subject& subject, std::optional<Time> ours, Duration delay,
                              Duration longest = hours(1)) {
  return good(subject.run(subject.store.marks->next_walk(ours, delay, longest)));
}

}  // namespace

TEST_CASE_TEMPLATE("store: one process walks, the others wait for the end of its pause", S, BOTH) {
  S subject;
  const std::optional<Time> first = next_walk(subject, std::nullopt, minutes(5));
  REQUIRE(first);
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5)));
  const std::optional<Time> renewed = next_walk(subject, first, minutes(6));
  REQUIRE(renewed);
  CHECK(*renewed > *first);
  CHECK_FALSE(next_walk(subject, first, minutes(5)));  // somebody else's by now
  CHECK(next_walk(subject, renewed, hours(1)));
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5)));
}

TEST_CASE("store: a process that died in its walk is followed by another one") {
  MemorySubject subject;
  REQUIRE(next_walk(subject, std::nullopt, minutes(5)));
  subject.clock().advance(minutes(4));
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5)));
  subject.clock().advance(minutes(1));
  CHECK(next_walk(subject, std::nullopt, minutes(5)));
}

TEST_CASE_TEMPLATE("store: old results are deleted by one process in a period", S, BOTH) {
  S subject;
  const Duration period = std::chrono::milliseconds(100);
  CHECK(good(subject.run(subject.store.marks->deletion_turn(period))));
  CHECK_FALSE(good(subject.run(subject.store.marks->deletion_turn(hours(1)))));
  pass(subject, 2 * period);
  CHECK(good(subject.run(subject.store.marks->deletion_turn(hours(1)))));
  CHECK_FALSE(good(subject.run(subject.store.marks->deletion_turn(hours(1)))));
}

TEST_CASE_TEMPLATE("store: who starts does not wait for the pause, but for who walks", S, BOTH) {
  S subject;
  const std::optional<Time> walks = next_walk(subject, std::nullopt, minutes(5));
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5), minutes(5)));
  REQUIRE(next_walk(subject, walks, hours(1)));
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5)));
  CHECK(next_walk(subject, std::nullopt, minutes(5), minutes(5)));
}

TEST_CASE("store: a walk is due in Redis when its time has come, or is that of a wrong clock") {
  RedisSubject subject;
  const auto set = [&subject](Duration from_now) {
    const Time due = subject.clock().now() + from_now;
    subject.raw({"HSET", "claimcheck:meta", "walk_us", fmt::to_string(to_us(due))});
  };
  set(-minutes(1));
  CHECK(next_walk(subject, std::nullopt, minutes(5)));
  set(minutes(59));
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5)));
  set(minutes(62));
  CHECK(next_walk(subject, std::nullopt, minutes(5)));
}

TEST_CASE("store: nobody walks through a Redis that was emptied, and its description stays gone") {
  RedisSubject subject;
  subject.raw({"FLUSHALL"});
  CHECK_FALSE(next_walk(subject, std::nullopt, minutes(5)));
  CHECK(subject.raw_integer({"EXISTS", "claimcheck:meta"}) == 0);
}

TEST_CASE_TEMPLATE("store: what the work index has lost is put back, what it has stays", S, BOTH) {
  S subject;
  const Time when = from_unix_s(1'790'000'000);
  good(subject.run(subject.store.queue->schedule_all({})));
  good(subject.run(subject.store.queue->schedule("cs_test_a", when)));
  good(subject.run(
      subject.store.queue->schedule_all({{"cs_test_a", when + hours(1)}, {"cs_b", when}})));
  CHECK(good(subject.run(subject.store.queue->due_at("cs_test_a"))) == when);
  CHECK(good(subject.run(subject.store.queue->due_at("cs_b"))) == when);
}

namespace {

// Two processes on one store; counts what each of them asks Stripe.
struct TwoProcesses {
  OrderWorld world;
  Reconcile first{world.context};
  Reconcile second{world.context};

  TwoProcesses() {
    HttpResponse no_events;
    no_events.body = R"({"object":"list","data":[],"has_more":false})";
    for (int i = 0; i < 9; ++i) world.http.answers.emplace_back(no_events);
    for (const char* id : {"cs_test_a", "cs_test_b"}) {
      NewOrder order = new_order(id, std::nullopt);
      order.claim.state = OrderState::paid;
      REQUIRE(good(world.run(world.store.orders->create(std::move(order)))));
    }
  }
  bool is_due(const char* id) { return world.run(world.store.queue->due_at(id)).has_value(); }
};

}  // namespace

TEST_CASE("walk: one of two processes puts back all orders, the other does nothing") {
  TwoProcesses shop;
  CHECK(shop.world.run(shop.first.claims()));
  CHECK(shop.is_due("cs_test_a"));
  CHECK(shop.is_due("cs_test_b"));
  const std::size_t asked = shop.world.http.calls.size();
  const Due due{.member = "cs_test_a",
                .score = static_cast<double>(
                    to_us(good(shop.world.run(shop.world.store.queue->due_at("cs_test_a")))))};
  REQUIRE(good(shop.world.run(shop.world.store.queue->settle(due, std::nullopt))));
  CHECK(shop.world.run(shop.second.claims()));
  CHECK_FALSE(shop.is_due("cs_test_a"));
  CHECK(shop.world.http.calls.size() == asked);
  shop.world.run.clock.advance(hours(1));
  CHECK(shop.world.run(shop.second.claims()));
  CHECK(shop.is_due("cs_test_a"));
}

TEST_CASE("walk: one that Stripe cut short is made again after five minutes, not after an hour") {
  TwoProcesses shop;
  shop.world.http.answers.clear();
  for (int i = 0; i < 3; ++i) {
    shop.world.http.answers.emplace_back(fail(Errc::unavailable, "no route"));
  }
  CHECK_FALSE(shop.world.run(shop.first.claims()));
  const std::size_t asked = shop.world.http.calls.size();
  shop.world.run.clock.advance(minutes(6));
  shop.world.http.answers.clear();
  for (int i = 0; i < 3; ++i) {
    shop.world.http.answers.emplace_back(fail(Errc::unavailable, "no route"));
  }
  CHECK_FALSE(shop.world.run(shop.second.claims()));
  CHECK(shop.world.http.calls.size() > asked);
}

}  // namespace claimcheck::test
