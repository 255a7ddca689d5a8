// The worker goes on at once when an order was woken, and when a place is free again. The clock
// stands still in all of these cases.
#include "support/standing_fulfilment.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck::test {
namespace {

using std::chrono::seconds;

constexpr const char* id = "cs_test_a";
constexpr const char* other = "cs_test_b";

TEST_CASE("fulfilment: a woken order is worked on at once") {
  StandingFulfilment works;
  works.open(id);
  works.begin();
  REQUIRE(works.passes() == 0);
  works.wake(id);
  CHECK(works.passes() == 1);
  CHECK(works.queue.takes == 2);  // at the start, and for this order
}

TEST_CASE("fulfilment: an order that is woken while the index is read is not missed") {
  StandingFulfilment works;
  works.open(id);
  works.queue.meanwhile = [&]() -> boost::asio::awaitable<void> {
    co_await wake(works.world.context, id);
  };
  works.begin();
  CHECK(works.passes() == 1);
}

TEST_CASE("fulfilment: what had no place is taken when a pass ends") {
  StandingFulfilment works({.orders_max = 2});
  for (int i = 0; i < 7; ++i) {
    const std::string one = fmt::format("cs_test_{}", i);
    works.open(one);
    works.wake(one);
  }
  works.begin();
  CHECK(works.passes() == 7);
}

TEST_CASE("fulfilment: what is behind an order that runs alone is taken at its end") {
  StandingFulfilment works;
  works.open(id);
  works.open(other);
  good(works.world.run(works.world.store.queue->wake(id, Announce::no)));
  for (int deaths = 0; deaths < lapses_alone; ++deaths) {
    REQUIRE(good(works.world.run(works.world.store.queue->take(1, seconds(1)))).size() == 1);
    works.world.run.clock.advance(seconds(2));
  }
  good(works.world.run(works.world.store.queue->wake(other, Announce::no)));
  works.begin();
  CHECK(works.passes() == 2);
}

TEST_CASE("fulfilment: an order that is woken during its pass gets the next one at once") {
  StandingFulfilment works;
  works.open(id);
  works.world.http.answers.push_back(works.world.session(id, "open", "unpaid"));
  works.world.http.meanwhile[1] = [&]() -> boost::asio::awaitable<void> {
    co_await wake(works.world.context, id);
  };
  works.begin();
  works.wake(id);
  CHECK(works.passes() == 2);
}

TEST_CASE("fulfilment: a Redis that does not answer is not asked again at once") {
  StandingFulfilment works({.orders_max = 1});
  works.open(id);
  works.wake(id);
  works.queue.refuses = true;
  works.queue.takes = 0;
  works.queue.meanwhile = [&]() -> boost::asio::awaitable<void> {
    co_await wake(works.world.context, id);
  };
  works.begin();
  CHECK(works.queue.takes == 1);
}

TEST_CASE("wake: the other processes are told only if this one has no place") {
  StandingFulfilment works({.orders_max = 1});
  works.open(id);
  works.open(other);
  works.begin();
  works.world.http.meanwhile[1] = [&]() -> boost::asio::awaitable<void> {
    co_await works.world.run.clock.sleep(seconds(1));
  };
  works.wake(id);
  CHECK(works.queue.wakes.back() == Announce::no);
  CHECK(!works.fulfilment.has_room());
  works.wake(other);
  CHECK(works.queue.wakes.back() == Announce::yes);
  CHECK(works.passes() == 1);
  // Nobody else came: it is taken here when the first pass ends.
  works.world.run.clock.advance(seconds(1));
  works.stand();
  CHECK(works.passes() == 2);
  works.fulfilment.stop();
  works.wake(other);
  CHECK(works.queue.wakes.back() == Announce::yes);
  CHECK(works.passes() == 2);
}

TEST_CASE("wake: a process that takes no orders tells the others") {
  OrderWorld world;
  const WatchedQueue& queue = WatchedQueue::of(world.store);
  good(world.run(wake(world.context, id)));
  CHECK(queue.wakes == std::vector<Announce>{Announce::yes});
}

}  // namespace
}  // namespace claimcheck::test
