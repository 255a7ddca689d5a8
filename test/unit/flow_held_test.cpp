// The held list around the write that holds an order, and around the one that lets it go.
#include "flow/for_a_person.hpp"
#include "flow/order_pass.hpp"
#include "flow/reconcile.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

constexpr const char* id = "cs_test_a";

std::vector<ListedOrder> listed(OrderWorld& world) {
  return good(world.run(world.store.lists->list(OrderList::held, std::nullopt, 9)));
}

Claim stored(OrderWorld& world, OrderState state, UnitState unit) {
  NewOrder order = new_order(id, std::nullopt);
  order.claim.state = state;
  order.claim.units[0].state = unit;
  REQUIRE(good(world.run(world.store.orders->create(std::move(order)))));
  return good(world.run(world.store.orders->load(id)));
}

boost::asio::awaitable<bool> unlist(Context& context) {
  co_await unlist(context, OrderList::held, id);
  co_return true;
}

PassEnd held_pass(OrderWorld& world) {
  OrderPass pass(world.context, id, good(world.run(world.store.orders->load(id))));
  return world.run(pass.quarantine());
}

TEST_CASE("held: a pass that leaves an order held lists it, and each later one keeps its time") {
  OrderWorld world;
  stored(world, OrderState::paid, UnitState::waiting);
  held_pass(world);
  CHECK(is_held(good(world.run(world.store.orders->load(id)))));
  REQUIRE(listed(world).size() == 1);
  const Time since = listed(world)[0].when;
  CHECK(since == world.run.clock.now());
  world.run.clock.advance(std::chrono::minutes(1));
  held_pass(world);
  CHECK(listed(world)[0].when == since);
}

TEST_CASE("held: a pass lists also what somebody held who died before he listed it") {
  OrderWorld world;
  SUBCASE("the order") { stored(world, OrderState::held, UnitState::waiting); }
  SUBCASE("one of its videos") { stored(world, OrderState::paid, UnitState::held); }
  held_pass(world);
  CHECK(listed(world).size() == 1);
}

TEST_CASE("held: a pass that could not store anything lists nothing") {
  OrderWorld world;
  const OrderInWork order(world.context, id, stored(world, OrderState::held, UnitState::waiting));
  const PassEnd end = world.run(list_for_a_person(order, {}, Abandoned()));
  CHECK(std::holds_alternative<Abandoned>(end));
  CHECK(listed(world).empty());
}

// A reader saw the order on the list, and then not held; before he takes it off it is held anew.
TEST_CASE("held: a slow reader does not take off what was held anew") {
  OrderWorld world;
  good(world.run(
      world.store.lists->enlist(OrderList::held, id, world.run.clock.now(), IfListed::anew)));
  const ListedOrder seen = listed(world)[0];
  const Result<Claim> claim = stored(world, OrderState::paid, UnitState::waiting);
  held_pass(world);
  CHECK_FALSE(world.run(still_listed(*world.store.lists, OrderList::held, seen, claim)));
  CHECK(listed(world).size() == 1);
}

TEST_CASE("held: what is held stays on the list, what is not or is gone goes") {
  OrderWorld world;
  good(world.run(
      world.store.lists->enlist(OrderList::held, id, world.run.clock.now(), IfListed::anew)));
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
  good(world.run(
      world.store.lists->enlist(OrderList::held, id, world.run.clock.now(), IfListed::anew)));
  const Result<Claim> unreadable = fail(Errc::unreadable, "newer");
  CHECK(world.run(still_listed(*world.store.lists, OrderList::held, listed(world)[0], unreadable)));
  CHECK(listed(world).size() == 1);
}

// Redis was away at the end of the pass, and then the work index lost the order.
TEST_CASE("held: the hourly walk puts back what the end of a pass has left undone, and only that") {
  OrderWorld world;
  world.context.channels = {Channel::webhook};
  Claim claim = stored(world, OrderState::held, UnitState::waiting);
  Reconcile walk(world.context);
  const auto due = [&world] { return world.run(world.store.queue->due_at(id)).has_value(); };
  world.http.answers = {fail(Errc::unavailable, "no route"), fail(Errc::unavailable, "no route")};
  claim.paid_us = to_us(world.run.clock.now());
  bool old = false;
  SUBCASE("not told, not listed") {}
  SUBCASE("listed, and from before notifications were switched on: it is left alone") {
    good(world.run(
        world.store.lists->enlist(OrderList::held, id, world.run.clock.now(), IfListed::anew)));
    claim.paid_us = to_us(world.run.clock.now() - std::chrono::hours(7));
    old = true;
  }
  SUBCASE("told, not listed") { claim.notified = "held.1"; }
  SUBCASE("listed, not told") {
    good(world.run(
        world.store.lists->enlist(OrderList::held, id, world.run.clock.now(), IfListed::anew)));
  }
  SUBCASE("both are done: it is left alone") {
    claim.notified = "held.1";
    good(world.run(
        world.store.lists->enlist(OrderList::held, id, world.run.clock.now(), IfListed::anew)));
  }
  const bool undone = (claim.notified.empty() && !old) || listed(world).empty();
  Commit change;
  change.session_id = id;
  change.claim = claim;
  REQUIRE(good(world.run(world.store.orders->commit(std::move(change)))) == CommitResult::done);
  world.run(walk.claims());
  CHECK(due() == undone);
}

}  // namespace
}  // namespace claimcheck::test
