// Which part of a held order one decision about many is about, and that each order is decided by
// what the person saw of it.
#include "flow/held_decision.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

using enum CommandKind;

Claim of_three() {
  Claim claim;
  claim.version = 1;
  claim.state = OrderState::held;
  claim.reason = "2 of 3 videos wait for a person";
  claim.amount_minor = 300;
  claim.currency = "usd";
  claim.paid_us = 7;
  claim.payment_read_us = 7;
  claim.units.resize(3);
  claim.units[0].state = UnitState::delivered;
  for (const std::size_t held : {1U, 2U}) {
    claim.units[held].state = UnitState::held;
    claim.units[held].reason = "no";
  }
  return claim;
}

std::optional<HeldPart> part_of(const Claim& claim) { return held_part(claim, {}, Policy()); }

TEST_CASE("held decision: it is about the held videos with the first one's reason") {
  Claim claim = of_three();
  const auto both = part_of(claim);
  REQUIRE(both);
  CHECK(both->cause == "no");
  CHECK(both->units == std::vector<std::size_t>{1, 2});
  CHECK(both->amount_minor == 200);
  CHECK(std::ranges::find(both->actions, refund) != both->actions.end());
  CHECK(std::ranges::find(both->actions, deliver) == both->actions.end());
  claim.units[2].reason = "another";
  CHECK(part_of(claim)->units == std::vector<std::size_t>{1});
  CHECK(part_of(claim)->amount_minor == 100);
}

TEST_CASE("held decision: only what is possible for every one of the videos is offered") {
  Claim claim = of_three();
  claim.units[2].registered = Outcome::refund;  // it can be neither made nor delivered
  const auto part = part_of(claim);
  REQUIRE(part);
  CHECK(std::ranges::find(part->actions, resubmit) == part->actions.end());
}

TEST_CASE("held decision: without a held video it is the order as a whole, or nothing") {
  Claim claim = of_three();
  claim.reason = "the amount differs";
  for (Unit& unit : claim.units) unit.state = UnitState::waiting;
  const auto whole = part_of(claim);
  REQUIRE(whole);
  CHECK(whole->cause == "the amount differs");
  CHECK(whole->units.empty());
  CHECK(whole->amount_minor == 300);
  CHECK(std::ranges::find(whole->actions, resubmit) == whole->actions.end());
  claim.version = 0;
  CHECK_FALSE(part_of(claim));
  claim.version = 1;
  claim.state = OrderState::paid;
  CHECK_FALSE(part_of(claim));
}

struct HeldWorld : OrderWorld {
  explicit HeldWorld(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      NewOrder order = new_order(id, std::nullopt);
      const std::int64_t version = order.claim.version;
      order.claim = of_three();
      order.claim.version = version;
      REQUIRE(good(run(store.orders->create(std::move(order)))));
    }
  }
  std::vector<HeldResult> decide(HeldDecision decision) {
    return this->run(decide_held(context, std::move(decision)));
  }
  Claim claim(const std::string& id) { return good(run(store.orders->load(id))); }
};

TEST_CASE("held decision: sent twice it is carried out once") {
  HeldWorld world({"cs_test_a"});
  const std::int64_t version = world.claim("cs_test_a").version;
  const HeldDecision decision{.kind = refund, .cause = "no", .orders = {{"cs_test_a", version}}};
  const auto first = world.decide(decision);
  REQUIRE(first.size() == 1);
  CHECK(first[0].done);
  CHECK(first[0].code.empty());
  const Claim after = world.claim("cs_test_a");
  CHECK(after.units[1].state != UnitState::held);
  CHECK(after.units[2].state != UnitState::held);
  const auto second = world.decide(decision);
  CHECK_FALSE(second[0].done);
  CHECK(second[0].code == "changed");
  CHECK(world.claim("cs_test_a") == after);
}

TEST_CASE("held decision: an order that is not as it was shown stops none of the others") {
  HeldWorld world({"cs_test_a", "cs_test_b"});
  const std::int64_t version = world.claim("cs_test_b").version;
  const auto results = world.decide(
      {.kind = refund,
       .cause = "no",
       .orders = {{"cs_test_gone", 1}, {"cs_test_a", version + 1}, {"cs_test_b", version}}});
  REQUIRE(results.size() == 3);
  CHECK(results[0].code == "not_found");
  CHECK(results[1].code == "changed");
  CHECK(results[2].done);
  CHECK(world.claim("cs_test_a").units[1].state == UnitState::held);
  const std::int64_t now = world.claim("cs_test_a").version;
  CHECK(world.decide({.kind = refund, .cause = "yes", .orders = {{"cs_test_a", now}}})[0].code ==
        "other_cause");
  CHECK(world.decide({.kind = erase, .cause = "no", .orders = {{"cs_test_a", now}}})[0].code ==
        "not_possible");
}

}  // namespace
}  // namespace claimcheck::test
