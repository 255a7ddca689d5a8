// The order machine, call by call: what is seen, what it decides, what it wants done next.
#include "domain/names.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

#include <string>

namespace claimcheck {
namespace {

using test::id;
using test::open_claim;
using test::paid_claim;
using test::prepared;
using test::running_claim;
using test::seen;
using test::start;
using test::submitted;
using test::submitting_claim;

TEST_CASE("an open order is looked up at Stripe") {
  const Decision decision = decide(open_claim(), Woken(), start);
  CHECK_FALSE(decision.commit);
  CHECK(decision.action.kind == ActionKind::read_payment);
}

TEST_CASE("an order that Stripe calls paid is stored as paid, then prepared") {
  const Decision decision = decide(open_claim(), seen(PaymentState::paid), start);
  CHECK(decision.commit);
  CHECK(decision.claim.state == OrderState::paid);
  CHECK(decision.claim.paid_us == to_us(start));
  CHECK(decision.claim.payment_intent == "pi_1");
  CHECK(decision.moves.at(0).from == "open");
  CHECK(decision.moves.at(0).to == "paid");
  CHECK(decision.action.kind == ActionKind::prepare);
}

TEST_CASE("an unpaid order waits for its expiry") {
  const Decision decision = decide(open_claim(), seen(PaymentState::open), start);
  CHECK_FALSE(decision.commit);
  CHECK(decision.action.kind == ActionKind::park);
  CHECK(decision.action.delay == std::chrono::hours(24) + Policy().expiry_slack);
}

TEST_CASE("expired and failed payments close the order") {
  const Decision expired = decide(open_claim(), seen(PaymentState::expired), start);
  CHECK(expired.claim.state == OrderState::expired);
  CHECK(expired.action.kind == ActionKind::finish);
  const Decision failed = decide(open_claim(), seen(PaymentState::failed), start);
  CHECK(failed.claim.state == OrderState::unpaid);
  CHECK(failed.action.kind == ActionKind::finish);
}

TEST_CASE("a delayed payment is noted once, then waited for") {
  const Decision first = decide(open_claim(), seen(PaymentState::under_way), start);
  CHECK(first.commit);
  CHECK(first.claim.state == OrderState::open);
  CHECK(first.claim.delayed);
  CHECK(first.action.kind == ActionKind::park);
  const Decision second = decide(first.claim, seen(PaymentState::under_way), start);
  CHECK_FALSE(second.commit);
  CHECK(second.action.kind == ActionKind::park);
  const Decision arrived = decide(first.claim, seen(PaymentState::paid), start);
  CHECK(arrived.claim.state == OrderState::paid);
  CHECK_FALSE(arrived.claim.delayed);
}

TEST_CASE("a payment that is not the ordered one is held, and nothing is made") {
  PaymentSeen payment = seen(PaymentState::paid);
  SUBCASE("amount") { payment.amount.amount_minor = payment.subtotal_minor = 100; }
  SUBCASE("currency") { payment.amount.currency = "eur"; }
  SUBCASE("mode") { payment.livemode = true; }
  SUBCASE("disputed") { payment.disputed = true; }
  const Decision decision = decide(open_claim(), payment, start);
  CHECK(decision.commit);
  CHECK(decision.claim.state == OrderState::held);
  CHECK(decision.claim.paid_us == to_us(start));  // the money is in our books all the same
  CHECK_FALSE(decision.claim.reason.empty());
  CHECK(decision.action.kind ==
        (payment.disputed ? ActionKind::list_disputes : ActionKind::finish));
}

TEST_CASE("the total is Stripe's: a code and tax change it, and shares are parts of it") {
  PaymentSeen payment = seen(PaymentState::paid);
  SUBCASE("less") { payment.amount.amount_minor = 1520; }
  SUBCASE("more") { payment.amount.amount_minor = 2280; }
  SUBCASE("nothing") { payment.amount.amount_minor = 0; }
  const Claim claim = decide(open_claim(2), payment, start).claim;
  CHECK(claim.state == OrderState::paid);
  CHECK(claim.amount_minor == payment.amount.amount_minor);
  CHECK(unit_price(claim, 0) + unit_price(claim, 1) == payment.amount.amount_minor);
  CHECK(claim.subtotal_minor == 1900);
  CHECK(decide(claim, payment, start).claim.state == OrderState::paid);
  // It was taken once: refunds may have been made by it.
  payment.amount.amount_minor += 10;
  const Decision changed = decide(claim, payment, start);
  CHECK(changed.claim.state == OrderState::held);
  CHECK(changed.claim.amount_minor == claim.amount_minor);
}

TEST_CASE("price, quantity and charge must agree as well, where Stripe tells of them") {
  Claim claim = open_claim();
  claim.price = "price_1";
  PaymentSeen payment = seen(PaymentState::paid);
  payment.price = "price_1";
  payment.quantity = 1;
  payment.charged = payment.amount;
  CHECK(decide(claim, payment, start).claim.state == OrderState::paid);
  SUBCASE("price") { payment.price = "price_2"; }
  SUBCASE("quantity") { payment.quantity = 2; }
  SUBCASE("amount of the charge") { payment.charged.amount_minor = 2090; }
  SUBCASE("currency of the charge") { payment.charged.currency = "eur"; }
  const Claim held = decide(claim, payment, start).claim;
  CHECK(held.state == OrderState::held);
  CHECK_FALSE(held.reason.empty());
}

TEST_CASE("what is held for another subtotal is still counted as what was paid") {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.subtotal_minor = 1800;
  payment.amount.amount_minor = 1500;
  const Claim held = decide(open_claim(), payment, start).claim;
  CHECK(held.state == OrderState::held);
  CHECK(held.reason == "paid 1800 usd where 1900 usd was ordered");
  CHECK(held.amount_minor == 1500);
}

TEST_CASE("of a claim of an older release only the total can be compared") {
  Claim claim = open_claim();
  claim.subtotal_minor = Claim().subtotal_minor;
  CHECK_FALSE(knows_subtotal(claim));
  PaymentSeen payment = seen(PaymentState::paid);
  CHECK(decide(claim, payment, start).claim.state == OrderState::paid);
  payment.amount.amount_minor = 1520;
  const Claim held = decide(claim, payment, start).claim;
  CHECK(held.state == OrderState::held);
  CHECK(held.amount_minor == 1900);
}

TEST_CASE("no answer from Stripe changes nothing") {
  const Decision silent = decide(open_claim(), PaymentUnclear(), start);
  CHECK_FALSE(silent.commit);
  CHECK(silent.action.kind == ActionKind::park);
}

TEST_CASE("Stripe is asked again before a first submit when its word is older than a minute") {
  const Claim claim = paid_claim();
  const Time later = start + Policy().payment_fresh + Duration(1);
  CHECK(decide(claim, Woken(), start).action.kind == ActionKind::prepare);
  CHECK(decide(claim, Woken(), later).action.kind == ActionKind::read_payment);
}

// Redis may have lost a delivery since, which its register still has.
TEST_CASE("Stripe is asked again before a submit when only an earlier pass has asked") {
  Policy policy;
  policy.payment_read_now = false;
  CHECK(decide(paid_claim(), Woken(), start, policy).action.kind == ActionKind::read_payment);
  policy.payment_read_now = true;
  CHECK(decide(paid_claim(), Woken(), start, policy).action.kind == ActionKind::prepare);
}

TEST_CASE("the intent with seed and inputs is stored, guarded, before the submit") {
  const Decision decision = decide(paid_claim(), prepared(), start);
  CHECK(decision.commit);
  CHECK(decision.guarded);
  const Unit& unit = decision.claim.units[0];
  CHECK(unit.state == UnitState::submitting);
  CHECK(unit.attempt == 1);
  CHECK(unit.seed == submit_seed(id, 0, 1));
  CHECK(unit.intent_us == to_us(start));
  CHECK(decision.claim.prompt_sha256 == "abc");
  CHECK(decision.claim.width == 1280);
  CHECK(decision.action == Action{.kind = ActionKind::submit, .unit = 0});
}

TEST_CASE("seeds differ by session, unit and attempt, and stay within 31 bits") {
  CHECK(submit_seed(id, 0, 1) == submit_seed(id, 0, 1));
  CHECK(submit_seed(id, 0, 1) != submit_seed(id, 1, 1));
  CHECK(submit_seed(id, 0, 1) != submit_seed(id, 0, 2));
  CHECK(submit_seed(id, 0, 1) != submit_seed("cs_test_2", 0, 1));
  for (std::size_t unit = 0; unit < 100; ++unit) {
    CHECK(submit_seed(id, unit, 1) >= 0);
    CHECK(submit_seed(id, unit, 1) < (std::int64_t{1} << 31));
  }
}

TEST_CASE("a prompt that changed after the first submit holds the unit") {
  Claim claim = paid_claim(2);
  claim = decide(claim, prepared(0), start).claim;
  claim = decide(claim, submitted(SubmitResult::accepted), start).claim;
  Prepared other = prepared(1);
  other.prompt_sha256 = "other";
  CHECK(decide(claim, other, start).claim.units[1].state == UnitState::held);
}

TEST_CASE("an accepted submit runs and is polled after a second") {
  const Decision decision = decide(submitting_claim(), submitted(SubmitResult::accepted), start);
  CHECK(decision.commit);
  CHECK(decision.claim.units[0].state == UnitState::running);
  CHECK(decision.claim.units[0].job == "job-1");
  CHECK(decision.action.kind == ActionKind::park);
  CHECK(decision.action.delay == Policy().poll_min);
  const Decision later = decide(decision.claim, Woken(), start + Policy().poll_min);
  CHECK(later.action == Action{.kind = ActionKind::poll, .unit = 0});
}

TEST_CASE("a poll names the other units that are due for one") {
  Claim claim = paid_claim(3);
  for (std::size_t unit = 0; unit < 3; ++unit) {
    claim = decide(claim, prepared(unit), start).claim;
    const std::string job = "job-" + std::to_string(unit);
    claim = decide(claim, submitted(SubmitResult::accepted, unit, job), start).claim;
  }
  claim.units[1].retry_us = to_us(start + std::chrono::minutes(1));
  const Time due = start + Policy().poll_min;
  CHECK(decide(claim, Woken(), due).action ==
        Action{.kind = ActionKind::poll, .unit = 0, .also = {2}});
  // One that was polled in this pass is not due again in it.
  const Polled running{.unit = 0, .result = PollResult::running};
  CHECK(decide(claim, running, due).action == Action{.kind = ActionKind::poll, .unit = 2});
}

TEST_CASE("an unclear submit is looked up at once, then left alone until it has settled") {
  const Claim claim = submitting_claim();
  const Decision unclear = decide(claim, submitted(SubmitResult::unclear), start);
  CHECK_FALSE(unclear.commit);
  CHECK(unclear.action.kind == ActionKind::look_up);
  const Decision empty = decide(claim, LookedUp{.unit = 0, .result = LookUpResult::none}, start);
  CHECK_FALSE(empty.commit);
  CHECK(empty.action.kind == ActionKind::park);
  CHECK(empty.action.delay == Policy().settle_time);
  CHECK(decide(claim, Woken(), start + Policy().settle_time).action.kind == ActionKind::look_up);
}

TEST_CASE("nobody touches a submitting unit before it has settled") {
  const Time early = start + Policy().settle_time - Duration(1);
  CHECK(decide(submitting_claim(), Woken(), early).action.kind == ActionKind::park);
}

TEST_CASE("a job found by its seed is adopted") {
  const LookedUp found{.unit = 0, .result = LookUpResult::found, .job = "job-9"};
  const Decision decision = decide(submitting_claim(), found, start);
  CHECK(decision.claim.units[0].state == UnitState::running);
  CHECK(decision.claim.units[0].job == "job-9");
}

TEST_CASE("a generator that cannot take it now is asked again when the breaker says") {
  Submitted refused = submitted(SubmitResult::refused);
  for (const Duration said :
       {Duration(0), Duration(std::chrono::seconds(30)), Duration(std::chrono::hours(24))}) {
    refused.retry_after = said;
    const Decision decision = decide(submitting_claim(), refused, start);
    CHECK(decision.commit);
    CHECK(decision.claim.units[0].state == UnitState::waiting);
    CHECK(decision.claim.units[0].attempt == 1);  // nothing was started: costs no attempt
    CHECK(decision.action.kind == ActionKind::park);
    CHECK(decision.action.delay == std::clamp(said, Policy().refused_min, Policy().refused_max));
  }
}

TEST_CASE("a rejected unit has failed; a foreign job is held for a person") {
  const Decision rejected = decide(submitting_claim(), submitted(SubmitResult::rejected), start);
  CHECK(rejected.claim.units[0].state == UnitState::failed);
  CHECK(rejected.claim.units[0].reason == "because");
  CHECK(rejected.claim.state == OrderState::paid);
  const Decision taken = decide(submitting_claim(), submitted(SubmitResult::taken), start);
  CHECK(taken.claim.units[0].state == UnitState::held);
  CHECK(taken.claim.state == OrderState::held);
  CHECK(taken.action.kind == ActionKind::finish);
}

TEST_CASE("a video that is there is registered before it is delivered") {
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "https://v/1.mp4"};
  const Decision decision = decide(running_claim(), ready, start + std::chrono::seconds(2));
  CHECK(decision.commit);
  CHECK(decision.claim.units[0].state == UnitState::ready);
  CHECK(decision.claim.state == OrderState::paid);
  CHECK(decision.action == Action{.kind = ActionKind::write_register, .unit = 0});
}

TEST_CASE("a fresh job may be missing for a while") {
  const Polled missing{.unit = 0, .result = PollResult::missing};
  const Time grace = start + Policy().missing_grace;
  CHECK(decide(running_claim(), missing, grace).action.kind == ActionKind::park);
  const Decision lost = decide(running_claim(), missing, grace + Duration(1));
  CHECK(lost.claim.units[0].state == UnitState::failed);
}

TEST_CASE("poll interval grows from one to five seconds") {
  const Polled running{.unit = 0, .result = PollResult::running};
  const auto delay_at = [&](Duration age) {
    return decide(running_claim(), running, start + age).action.delay;
  };
  CHECK(delay_at(std::chrono::seconds(1)) == std::chrono::seconds(1));
  CHECK(delay_at(std::chrono::seconds(12)) == std::chrono::seconds(3));
  CHECK(delay_at(std::chrono::minutes(5)) == std::chrono::seconds(5));
}

TEST_CASE("units are submitted one after the other, then polled") {
  Claim claim = paid_claim(2);
  claim = decide(claim, prepared(0), start).claim;
  Decision decision = decide(claim, submitted(SubmitResult::accepted, 0, "job-0"), start);
  CHECK(decision.action == Action{.kind = ActionKind::prepare, .unit = 1});
  claim = decide(decision.claim, prepared(1), start).claim;
  decision = decide(claim, submitted(SubmitResult::accepted, 1, "job-1"), start);
  CHECK(decision.action.kind == ActionKind::park);
  const Time later = start + std::chrono::seconds(2);
  CHECK(decide(decision.claim, Woken(), later).action ==
        Action{.kind = ActionKind::poll, .unit = 0, .also = {1}});
  const Polled running{.unit = 0, .result = PollResult::running};
  CHECK(decide(decision.claim, running, later).action ==
        Action{.kind = ActionKind::poll, .unit = 1});
}

TEST_CASE("lost data is waited for, then the unit has failed") {
  const Unpreparable gone{.unit = 0, .reason = "its data is gone", .lost = true};
  const Decision early = decide(paid_claim(), gone, start);
  CHECK(early.claim.units[0].state == UnitState::waiting);
  const Duration over = Policy().data_grace + Duration(1);
  CHECK(early.action == Action{.kind = ActionKind::park, .delay = over});
  const Decision late = decide(early.claim, gone, start + over);
  CHECK(late.claim.units[0].state == UnitState::failed);
  CHECK(late.claim.units[0].reason == "its data is gone");
}

TEST_CASE("what the operator can mend is held, not refunded") {
  const Unpreparable strange{.unit = 0, .reason = "its tool is no longer configured"};
  CHECK(decide(paid_claim(), strange, start).claim.state == OrderState::held);
}

TEST_CASE("closed orders are left alone whatever is seen") {
  for (const OrderState state : {OrderState::done, OrderState::expired, OrderState::unpaid}) {
    Claim claim = open_claim();
    claim.state = state;
    INFO(name_of(state));
    // Of one that was paid, money may have gone back, or a bank wants it back.
    const bool paid = state == OrderState::done;
    CHECK(decide(claim, Woken(), start).action.kind ==
          (paid ? ActionKind::read_payment : ActionKind::finish));
    const Decision decision = decide(claim, seen(PaymentState::paid), start);
    CHECK_FALSE(decision.commit);
    CHECK(decision.action.kind == (paid ? ActionKind::list_disputes : ActionKind::finish));
  }
}

}  // namespace
}  // namespace claimcheck
