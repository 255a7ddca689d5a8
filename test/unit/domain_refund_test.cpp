// The order machine where money goes back: refunds of ours, refunds that persons make at Stripe,
// and what is left to a person. Call by call.
#include "domain/names.hpp"
#include "domain/order_totals.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::failed_claim;
using test::ours;
using test::paid_claim;
using test::ready_claim;
using test::refunded;
using test::refunding_claim;
using test::refunds;
using test::running_claim;
using test::seen;
using test::start;

RefundFound others(std::int64_t amount) {
  return {.id = "re_2", .state = RefundState::succeeded, .amount_minor = amount};
}

TEST_CASE("a refund that is there already is adopted, not made again") {
  const Decision done =
      decide(refunding_claim(), refunds({ours(RefundState::succeeded)}, 1900), start);
  CHECK(done.claim.units[0].state == UnitState::refunded);
  CHECK(done.claim.state == OrderState::done);

  Claim claim = refunding_claim();
  Duration last{0};
  Time now = start;
  for (int i = 0; i < 8; ++i) {
    const Decision pending = decide(claim, refunds({ours(RefundState::pending)}, 1900), now);
    CHECK(pending.claim.units[0].state == UnitState::refunding);
    CHECK(pending.action.kind == ActionKind::park);
    CHECK(pending.action.delay >= last);
    last = pending.action.delay;
    now += last;
    claim = pending.claim;
  }
  CHECK(last == Policy().refund_look_max);
  const Decision failed = decide(claim, refunds({ours(RefundState::failed)}, 0), now);
  CHECK(failed.claim.units[0].state == UnitState::held);
  CHECK(failed.claim.state == OrderState::held);
}

TEST_CASE("a wake at an order that waits for its refund looks at it at once") {
  const Claim pending =
      decide(refunding_claim(), refunds({ours(RefundState::pending)}, 1900), start).claim;
  CHECK(decide(pending, Woken(), start).action.kind == ActionKind::list_refunds);
}

TEST_CASE("a wake at a refund that is put off reads the refunds") {
  const Refunded stuck{.unit = 0, .result = RefundResult::stuck, .reason = "a 500"};
  const Decision put_off = decide(refunding_claim(), stuck, start);
  REQUIRE(put_off.action.kind == ActionKind::park);
  CHECK(decide(put_off.claim, Woken(), start).action.kind == ActionKind::list_refunds);
}

TEST_CASE("a refund that fails after the order was done opens it again") {
  const Claim done =
      decide(refunding_claim(), refunds({ours(RefundState::succeeded)}, 1900), start).claim;
  CHECK(decide(done, Woken(), start).action.kind == ActionKind::list_refunds);
  CHECK(decide(done, refunds({ours(RefundState::succeeded)}, 1900), start).action.kind ==
        ActionKind::finish);
  const Decision failed = decide(done, refunds({ours(RefundState::failed)}, 0), start);
  CHECK(failed.commit);
  CHECK(failed.claim.state == OrderState::held);
  CHECK(failed.claim.units[0].state == UnitState::held);
}

TEST_CASE("an unclear refund is listed again before anything is repeated") {
  for (const RefundResult result : {RefundResult::unclear, RefundResult::changed}) {
    const Decision decision = decide(refunding_claim(), refunded(result), start);
    CHECK(decision.claim.units[0].state == UnitState::refunding);
    CHECK(decision.claim.units[0].refund_tries == 0);
    CHECK(decision.action.kind == ActionKind::park);
    const Time later = start + decision.action.delay;
    CHECK(decide(decision.claim, Woken(), later).action.kind == ActionKind::list_refunds);
  }
}

TEST_CASE("a stored failure of Stripe is waited out, then another key is used") {
  const Decision stuck = decide(refunding_claim(), refunded(RefundResult::stuck), start);
  CHECK(stuck.claim.units[0].refund_tries == 1);
  CHECK(stuck.action == Action{.kind = ActionKind::park, .delay = Policy().refund_stuck_wait});
}

TEST_CASE("a person's full refund ends what is not delivered") {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.refunded_minor = 1900;
  for (const Claim& claim : {paid_claim(), ready_claim(), failed_claim(), refunding_claim()}) {
    CHECK(decide(claim, payment, start).action.kind == ActionKind::list_refunds);
    const Decision decision = decide(claim, refunds({others(1900)}, 1900), start);
    CHECK(decision.claim.units[0].state == UnitState::refunded);
    CHECK(decision.claim.state == OrderState::done);
    CHECK(decision.action.kind == ActionKind::finish);
  }
}

TEST_CASE("a person's partial refund is noted, and the order goes on") {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.refunded_minor = 500;
  CHECK(decide(paid_claim(), payment, start).action.kind == ActionKind::list_refunds);
  const Decision noted = decide(paid_claim(), refunds({others(500)}, 500), start);
  CHECK(noted.commit);
  CHECK(noted.claim.refunded_elsewhere_minor == 500);
  CHECK(noted.action.kind == ActionKind::prepare);
  CHECK(decide(noted.claim, payment, start).action.kind == ActionKind::prepare);
  // Less than its price is left: nobody gets more back than was paid.
  const Decision less = decide(refunding_claim(), refunds({others(500)}, 500), start);
  CHECK(less.claim.units[0].state == UnitState::held);
}

TEST_CASE("a person's refund of what was delivered is noted") {
  Claim claim = ready_claim();
  claim.units[0].state = UnitState::delivered;
  claim.state = OrderState::done;
  CHECK(decide(claim, Woken(), start).action.kind == ActionKind::read_payment);
  PaymentSeen payment = seen(PaymentState::paid);
  CHECK(decide(claim, payment, start).action.kind == ActionKind::list_disputes);
  payment.refunded_minor = 500;
  CHECK(decide(claim, payment, start).action.kind == ActionKind::list_refunds);
  const Decision noted = decide(claim, refunds({others(500)}, 500), start);
  CHECK(noted.commit);
  CHECK(noted.claim.refunded_elsewhere_minor == 500);
  CHECK(noted.claim.state == OrderState::done);
  CHECK(noted.claim.units[0].state == UnitState::delivered);
  CHECK(noted.action.kind == ActionKind::finish);
  CHECK_FALSE(decide(noted.claim, refunds({others(500)}, 500), start).commit);
  // As long as Stripe is silent, the wake is not forgotten.
  CHECK(decide(claim, PaymentUnclear(), start).action.kind == ActionKind::park);
}

TEST_CASE("one of three failed: a third goes back, two are delivered") {
  Claim claim = failed_claim(3);
  claim.amount_minor = 1900;
  claim.units[0].state = UnitState::refunding;
  claim.units[1].state = claim.units[2].state = UnitState::delivered;
  Decision decision = decide(claim, refunds({}, 0), start);
  CHECK(decision.action == Action{.kind = ActionKind::refund, .unit = 0});
  Refunded made = refunded(RefundResult::made);
  made.refund.amount_minor = 634;
  decision = decide(claim, made, start);
  CHECK(decision.claim.state == OrderState::done);
  CHECK(refunded_minor(decision.claim) == 634);
}

TEST_CASE("a held order that a person refunds at Stripe is closed") {
  Claim claim = paid_claim();
  claim.state = OrderState::held;
  CHECK(decide(claim, Woken(), start).action.kind == ActionKind::read_payment);
  PaymentSeen payment = seen(PaymentState::paid);
  CHECK(decide(claim, payment, start).action.kind == ActionKind::list_disputes);
  payment.refunded_minor = 1900;
  CHECK(decide(claim, payment, start).action.kind == ActionKind::list_refunds);
  const Decision decision = decide(claim, refunds({others(1900)}, 1900), start);
  CHECK(decision.commit);
  CHECK(decision.claim.state == OrderState::done);
  CHECK(decision.claim.units[0].state == UnitState::refunded);
}

TEST_CASE("a person's refund of exactly one video's price is that video's") {
  Claim claim = failed_claim(3);
  claim.amount_minor = 1900;
  claim.units[0].state = claim.units[1].state = UnitState::delivered;
  claim.units[2].state = UnitState::refunding;
  const Decision decision = decide(claim, refunds({others(633)}, 633), start);
  CHECK(decision.claim.units[2].state == UnitState::refunded);
  CHECK(decision.claim.state == OrderState::done);
  CHECK(decision.action.kind == ActionKind::finish);
  // Read again, it says the same; taken back by the bank, it leaves the video to a person.
  CHECK_FALSE(decide(decision.claim, refunds({others(633)}, 633), start).commit);
  const Decision back = decide(decision.claim, refunds({}, 0), start);
  CHECK(back.claim.units[2].state == UnitState::held);
  CHECK(back.claim.units[2].reason == "a person's refund was taken back");
  CHECK(back.claim.state == OrderState::held);
  CHECK(decide(decision.claim, Woken(), start).action.kind == ActionKind::list_refunds);
}

TEST_CASE("a person's full refund that the bank takes back opens the order again") {
  const Claim done = decide(refunding_claim(), refunds({others(1900)}, 1900), start).claim;
  CHECK(done.state == OrderState::done);
  CHECK(decide(done, Woken(), start).action.kind == ActionKind::list_refunds);
  CHECK(decide(done, refunds({}, 0), start).claim.state == OrderState::held);
}

TEST_CASE("everything is back only when what was paid is back, not what the claim says") {
  RefundsSeen seen_refunds = refunds({others(1900)}, 1900);
  seen_refunds.payment.amount.amount_minor = 3800;
  CHECK(decide(ready_claim(), seen_refunds, start).claim.units[0].state == UnitState::ready);
}

TEST_CASE("a delivered video with a refund stays with its person, however often it is read") {
  Claim claim = refunding_claim();
  claim.units[0].state = UnitState::delivered;
  const Decision held = decide(claim, refunds({ours(RefundState::succeeded)}, 1900), start);
  CHECK(held.claim.units[0].state == UnitState::held);
  CHECK_FALSE(decide(held.claim, refunds({ours(RefundState::succeeded)}, 1900), start).commit);
}

TEST_CASE("one refund of more than a person allows is a person's") {
  Policy policy;
  policy.refund_alone_max_minor = 1899;
  const Polled failed{.unit = 0, .result = PollResult::failed};
  CHECK(decide(running_claim(), failed, start, policy).claim.units[0].state == UnitState::held);
  policy.refund_alone_max_minor = 1900;
  CHECK(decide(running_claim(), failed, start, policy).claim.units[0].state == UnitState::failed);
}

TEST_CASE("what failed before refunds were made manual is held before it is registered") {
  Policy policy;
  policy.refunds_automatic = false;
  const Decision decision = decide(failed_claim(), Woken(), start, policy);
  CHECK(decision.commit);
  CHECK(decision.claim.units[0].state == UnitState::held);
}

TEST_CASE("a write that Stripe refuses for good is a person's") {
  for (const Claim& claim : {ready_claim(), failed_claim()}) {
    const Registered no{.unit = 0, .refused = true, .reason = "no such charge"};
    const Decision decision = decide(claim, no, start);
    CHECK(decision.claim.units[0].state == UnitState::held);
    CHECK(decision.claim.units[0].reason.find("no such charge") != std::string::npos);
  }
}

TEST_CASE("Stripe's silence decides nothing about refunds") {
  CHECK_FALSE(decide(refunding_claim(), RefundsUnclear(), start).commit);
  Claim held = paid_claim();
  held.state = OrderState::held;
  CHECK(decide(held, PaymentUnclear(), start).action.kind == ActionKind::park);
}

}  // namespace
}  // namespace claimcheck
