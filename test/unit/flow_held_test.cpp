// The held list around the write that holds an order, and around the one that lets it go.
#include "flow/held.hpp"
#include "flow/order_pass.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

constexpr const char* id = "cs_test_a";

std::vector<ListedOrder> listed(OrderWorld& world) {
  return good(world.run(world.store.list(OrderList::held, std::nullopt, 9)));
}

Claim stored(OrderWorld& world, OrderState state, UnitState unit) {
  NewOrder order = new_order(id, std::nullopt);
  order.claim.state = state;
  order.claim.units[0].state = unit;
  REQUIRE(good(world.run(world.store.create(std::move(order)))));
  return good(world.run(world.store.load(id)));
}

boost::asio::awaitable<bool> unlist(Context& context) {
  co_await unlist_held(context, id);
  co_return true;
}

TEST_CASE("held: an order is listed when it, or one of its videos, comes to be held") {
  OrderWorld world;
  Claim claim;
  claim.units.resize(2);
  Claim one_video = claim;
  one_video.units[1].state = UnitState::held;
  Claim whole = claim;
  whole.state = OrderState::held;
  good(world.run(list_held(world.context, id, claim, claim)));
  CHECK(listed(world).empty());
  SUBCASE("a video") { good(world.run(list_held(world.context, id, claim, one_video))); }
  SUBCASE("the order") { good(world.run(list_held(world.context, id, claim, whole))); }
  REQUIRE(listed(world).size() == 1);
  const Time since = listed(world)[0].when;
  CHECK(since == world.run.clock.now());
  world.run.clock.advance(std::chrono::minutes(1));
  good(world.run(list_held(world.context, id, one_video, whole)));
  CHECK(listed(world)[0].when == since);  // held already: it goes on waiting
}

TEST_CASE("held: what is held stays on the list, what is not or is gone goes") {
  OrderWorld world;
  good(world.run(world.store.hold(id, world.run.clock.now())));
  bool stays = false;
  SUBCASE("held") {
    stored(world, OrderState::held, UnitState::waiting);
    stays = true;
  }
  SUBCASE("one video held") {
    stored(world, OrderState::paid, UnitState::held);
    stays = true;
  }
  SUBCASE("done") { stored(world, OrderState::done, UnitState::delivered); }
  SUBCASE("gone") {}
  world.run(unlist(world.context));
  CHECK(listed(world).empty() == !stays);
}

TEST_CASE("held: a claim that cannot be read stays on the list, a person must look") {
  OrderWorld world;
  good(world.run(world.store.hold(id, world.run.clock.now())));
  const Result<Claim> unreadable = fail(Errc::unreadable, "newer");
  CHECK(world.run(still_held(world.store, listed(world)[0], unreadable)));
  CHECK(listed(world).size() == 1);
}

TEST_CASE("held: a pass lists the order before the claim says so") {
  OrderWorld world;
  Claim claim = stored(world, OrderState::paid, UnitState::waiting);
  OrderPass pass(world.context, id, std::move(claim));
  world.run(pass.quarantine());
  CHECK(is_held(good(world.run(world.store.load(id)))));
  CHECK(listed(world).size() == 1);
}

}  // namespace
}  // namespace claimcheck::test
