// A peer that is slower than the lease: its order is not taken for one that kills its workers, is
// worked on once, and keeps nobody waiting.
#include "base/tasks.hpp"
#include "flow/fulfilment.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* slow = "cs_test_slow";
constexpr const char* other = "cs_test_other";

struct Works {
  OrderWorld world;
  Tasks tasks{world.run.io.get_executor()};
  Fulfilment fulfilment{world.context, tasks};

  // An order that asks Stripe whether it was paid, and is not.
  void open(const char* id) {
    NewOrder order = new_order(id, std::nullopt);
    order.claim.expires_us = to_us(world.run.clock.now() + std::chrono::hours(24));
    REQUIRE(good(world.run(world.store.orders->create(std::move(order)))));
    REQUIRE(world.run(world.store.queue->wake(id, Announce::no)).has_value());
  }
  boost::asio::awaitable<bool> worked(Duration length) {
    tasks.start(fulfilment.run());
    co_await world.run.clock.sleep(length);
    fulfilment.stop();
    co_return co_await tasks.drained(world.run.clock, minutes(10));
  }
  void work(Duration length) { REQUIRE(world.run(worked(length))); }
  // Stripe answers the call of that number only after `length`.
  void delay(std::size_t call, Duration length) {
    world.http.meanwhile[call] = [this, length]() -> boost::asio::awaitable<void> {
      co_await world.run.clock.sleep(length);
    };
  }
  std::int64_t lapses(const char* id) {
    REQUIRE(world.run(world.store.queue->wake(id, Announce::no)).has_value());
    for (const Due& due : good(world.run(world.store.queue->take(9, seconds(1))))) {
      if (due.member == id) return due.lapses;
    }
    return -1;
  }
};

TEST_CASE("a pass that waits four minutes for a peer keeps its lease and is the only one") {
  Works works;
  works.open(slow);
  works.world.http.answers = {works.world.session(slow, "open", "unpaid")};
  std::size_t taken_by_others = 0;
  works.world.http.meanwhile[1] = [&]() -> boost::asio::awaitable<void> {
    for (int minute = 0; minute < 4; ++minute) {
      co_await works.world.run.clock.sleep(minutes(1));
      taken_by_others += good(co_await works.world.store.queue->take(9, seconds(1))).size();
    }
  };
  works.work(minutes(5));
  CHECK(works.world.http.calls.size() == 1);
  CHECK(taken_by_others == 0);
  CHECK(works.lapses(slow) == 0);
}

TEST_CASE("while one order waits for a slow peer the others go on") {
  Works works;
  works.open(slow);
  works.delay(1, minutes(4));
  works.world.http.answers = {works.world.session(other, "open", "unpaid"),
                              works.world.session(slow, "open", "unpaid")};
  Time looked;
  works.world.http.meanwhile[2] = [&]() -> boost::asio::awaitable<void> {
    looked = works.world.run.clock.now();
    co_return;
  };
  const Time start = works.world.run.clock.now();
  works.tasks.start([](Works& all) -> boost::asio::awaitable<void> {
    co_await all.world.run.clock.sleep(minutes(2));
    NewOrder order = new_order(other, std::nullopt);
    order.claim.expires_us = to_us(all.world.run.clock.now() + std::chrono::hours(24));
    co_await all.world.store.orders->create(std::move(order));
    co_await all.world.store.queue->wake(other, Announce::no);
  }(works));
  works.work(minutes(3));
  CHECK(looked - start < minutes(2) + seconds(1));
}

TEST_CASE("a wake at an order that is under way is one more look, after it") {
  Works works;
  works.open(slow);
  works.world.http.answers = {works.world.session(slow, "open", "unpaid"),
                              works.world.session(slow, "open", "unpaid")};
  std::size_t at_once = 0;
  works.world.http.meanwhile[1] = [&]() -> boost::asio::awaitable<void> {
    REQUIRE((co_await works.world.store.queue->wake(slow, Announce::no)).has_value());
    co_await works.world.run.clock.sleep(seconds(20));
    at_once = works.world.http.calls.size();
  };
  works.work(minutes(1));
  CHECK(at_once == 1);
  CHECK(works.world.http.calls.size() == 2);
}

}  // namespace
}  // namespace claimcheck::test
