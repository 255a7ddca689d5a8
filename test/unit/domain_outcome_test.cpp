// The order machine where orders end: the register, refunds, the breaker, and what others do to the
// payment meanwhile. Call by call.
#include "domain/names.hpp"
#include "domain/view.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::failed_claim;
using test::paid_claim;
using test::prepared;
using test::ready_claim;
using test::refunded;
using test::refunding_claim;
using test::refunds;
using test::running_claim;
using test::seen;
using test::start;
using test::with;

PaymentSeen paid_with(std::vector<Outcome> registered) {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.registered = std::move(registered);
  return payment;
}

TEST_CASE("shares are what Stripe can refund: whole steps that add up to the amount") {
  const std::vector<std::pair<std::string, std::int64_t>> currencies = {
      {"usd", 1},  {"jpy", 1},  {"kwd", 10},  {"bhd", 10}, {"jod", 10},
      {"omr", 10}, {"tnd", 10}, {"isk", 100}, {"ugx", 100}};
  for (const auto& [currency, step] : currencies) {
    CHECK(step_of(currency) == step);
    for (const std::int64_t steps : {0, 1, 2, 3, 1900, 1901, 999'999}) {
      // What is no whole step can not be charged, and not be sent back.
      const Money paid{.amount_minor = steps * step + step - 1, .currency = currency};
      for (const std::size_t parts : {1U, 2U, 3U, 7U, 40U}) {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < parts; ++i) {
          CHECK(share_of(paid, parts, i) % step == 0);
          CHECK(share_of(paid, parts, i) <= share_of(paid, parts, 0));
          sum += share_of(paid, parts, i);
        }
        CHECK(sum == steps * step);
        CHECK(share_of(paid, parts, 0) - share_of(paid, parts, parts - 1) <= step);
      }
    }
  }
}

TEST_CASE("a registered delivery ends the order") {
  const Registered registered{.unit = 0, .outcome = Outcome::deliver};
  const Decision decision = decide(ready_claim(), registered, start);
  CHECK(decision.commit);
  CHECK(decision.claim.units[0].state == UnitState::delivered);
  CHECK(decision.claim.units[0].registered == Outcome::deliver);
  CHECK(decision.claim.state == OrderState::done);
  REQUIRE(decision.moves.size() == 2);
  CHECK(decision.moves[0].to == "video 1 delivered");
  CHECK(decision.moves[1].to == "done");
  CHECK(decision.action.kind == ActionKind::finish);
}

TEST_CASE("an outcome that cannot be registered shows nothing and is tried again, slower") {
  Claim claim = ready_claim();
  Duration last{0};
  for (int i = 0; i < 12; ++i) {
    const Registered failed{.unit = 0, .outcome = Outcome::none, .reason = "Stripe is away"};
    const Decision decision = decide(claim, failed, start);
    CHECK(decision.claim.units[0].state == UnitState::ready);
    CHECK(decision.action.kind == ActionKind::park);
    CHECK(decision.action.delay >= last);
    last = decision.action.delay;
    claim = decision.claim;
  }
  CHECK(last == Policy().refused_max);
  const Time later = start + last;
  CHECK(decide(claim, Woken(), later).action.kind == ActionKind::write_register);
}

TEST_CASE("the register outranks Redis, whatever Redis was rolled back to") {
  SUBCASE("delivered before, made now: shown") {
    const Claim claim = decide(ready_claim(), paid_with({Outcome::deliver}), start).claim;
    CHECK(claim.units[0].state == UnitState::delivered);
    CHECK(claim.state == OrderState::done);
  }
  SUBCASE("refunded before, made now: not shown, and the refund is looked for") {
    const Decision decision = decide(ready_claim(), paid_with({Outcome::refund}), start);
    CHECK(decision.claim.units[0].state == UnitState::refunding);
    CHECK(decision.action.kind == ActionKind::list_refunds);
  }
  SUBCASE("refunded before, not made yet: not made") {
    const Decision decision = decide(paid_claim(), paid_with({Outcome::refund}), start);
    CHECK(decision.claim.units[0].state == UnitState::refunding);
    CHECK(decision.action.kind == ActionKind::list_refunds);
  }
  SUBCASE("delivered before, failed now: for a person, never refunded") {
    const Decision decision = decide(failed_claim(), paid_with({Outcome::deliver}), start);
    CHECK(decision.claim.units[0].state == UnitState::held);
    CHECK(decision.claim.state == OrderState::held);
  }
  SUBCASE("the write itself is answered with the other outcome") {
    const Registered other{.unit = 0, .outcome = Outcome::refund};
    CHECK(decide(ready_claim(), other, start).claim.units[0].state == UnitState::refunding);
    const Registered delivered{.unit = 0, .outcome = Outcome::deliver};
    CHECK(decide(failed_claim(), delivered, start).claim.units[0].state == UnitState::held);
  }
}

TEST_CASE("what was delivered before is looked up, never generated again") {
  const Claim known = decide(paid_claim(), paid_with({Outcome::deliver}), start).claim;
  CHECK(known.units[0].state == UnitState::waiting);
  const Decision intent = decide(known, prepared(), start);
  CHECK(intent.claim.units[0].state == UnitState::submitting);
  CHECK(intent.action.kind == ActionKind::look_up);
  const LookedUp found{.unit = 0, .result = LookUpResult::found, .job = "job-1"};
  Claim claim = decide(intent.claim, found, start).claim;
  CHECK(claim.units[0].state == UnitState::running);
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "https://v/1.mp4"};
  CHECK(decide(claim, ready, start).claim.state == OrderState::done);

  const LookedUp none{.unit = 0, .result = LookUpResult::none};
  claim = intent.claim;
  Time now = start;
  for (int i = 0; i < 8 && claim.state == OrderState::paid; ++i) {
    Decision next = decide(claim, none, now);
    CHECK(next.action.kind != ActionKind::submit);
    now += Policy().lookup_gap;
    if (next.claim.units[0].state == UnitState::waiting) {
      next = decide(next.claim, prepared(), now);
      CHECK(next.action.kind == ActionKind::look_up);
    }
    claim = next.claim;
  }
  CHECK(claim.units[0].state == UnitState::held);
}

TEST_CASE("a failed unit asks the breaker, then the register, then is refunded") {
  const Claim failed = failed_claim();
  CHECK(failed.units[0].state == UnitState::failed);
  Decision decision = decide(failed, Woken(), start);
  CHECK(decision.action == Action{.kind = ActionKind::allow_refund, .unit = 0});
  decision = decide(failed, RefundAllowed{.unit = 0, .allowed = true}, start);
  CHECK_FALSE(decision.commit);
  CHECK(decision.action == Action{.kind = ActionKind::write_register, .unit = 0});
  decision = decide(failed, Registered{.unit = 0, .outcome = Outcome::refund}, start);
  CHECK(decision.claim.units[0].state == UnitState::refunding);
  CHECK(decision.action.kind == ActionKind::list_refunds);
  decision = decide(decision.claim, refunds({}, 0), start);
  CHECK(decision.action == Action{.kind = ActionKind::refund, .unit = 0});
  decision = decide(decision.claim, refunded(RefundResult::made), start);
  CHECK(decision.claim.units[0].state == UnitState::refunded);
  CHECK(decision.claim.units[0].refund == "re_1");
  CHECK(decision.claim.state == OrderState::done);
}

TEST_CASE("an open breaker stops the refund before anything is registered") {
  const RefundAllowed stopped{.unit = 0, .allowed = false, .reason = "too many"};
  const Decision decision = decide(failed_claim(), stopped, start);
  CHECK(decision.claim.units[0].state == UnitState::failed);
  CHECK(decision.claim.units[0].reason == "too many");
  CHECK(decision.action == Action{.kind = ActionKind::park, .delay = Policy().refused_max});
}

TEST_CASE("with manual refunds a failed unit is held for a person") {
  Policy policy;
  policy.refunds_automatic = false;
  const Polled failed{.unit = 0, .result = PollResult::failed};
  const Decision decision = decide(running_claim(), failed, start, policy);
  CHECK(decision.claim.units[0].state == UnitState::held);
  CHECK(decision.claim.state == OrderState::held);
}

TEST_CASE("an order that cost nothing is never refunded, and needs no register") {
  Claim claim = running_claim();
  claim.amount_minor = 0;
  const Polled failed{.unit = 0, .result = PollResult::failed};
  const Decision nothing = decide(claim, failed, start);
  CHECK(nothing.claim.units[0].state == UnitState::refunded);
  CHECK(nothing.claim.state == OrderState::done);
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "u"};
  CHECK(decide(claim, ready, start).claim.units[0].state == UnitState::delivered);
}

TEST_CASE(
    "of an order that a code made free a failed video ends plainly, also with manual refunds") {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.amount.amount_minor = 0;
  payment.payment_intent = payment.charge = "";
  Policy policy;
  SUBCASE("automatic") {}
  SUBCASE("manual") { policy.refunds_automatic = false; }
  Claim claim = decide(test::open_claim(3), payment, start, policy).claim;
  claim = decide(claim, prepared(0), start, policy).claim;
  claim = decide(claim, test::submitted(SubmitResult::rejected, 0), start, policy).claim;
  CHECK(claim.units[0].state == UnitState::refunded);
  CHECK(claim.state == OrderState::paid);
  // Nothing goes back, so nothing is said of it; the other two go on.
  CHECK_FALSE(view_of(claim).refund);
  CHECK_FALSE(view_of(claim).notice);
  CHECK(view_of(claim).files[0].error == "This video could not be made.");
  for (const std::size_t unit : {1U, 2U}) claim.units[unit].state = UnitState::delivered;
  const Decision over = decide(claim, Woken(), start, policy);
  CHECK(over.claim.state == OrderState::done);
  CHECK(over.action.kind == ActionKind::finish);
  CHECK_FALSE(view_of(over.claim).refund);
}

TEST_CASE("a video whose share of the price is nothing is not refunded") {
  Claim claim = failed_claim(3);
  claim.amount_minor = 2;
  claim.units[2].state = UnitState::running;
  const Polled failed{.unit = 2, .result = PollResult::failed};
  CHECK(decide(claim, failed, start).claim.units[2].state == UnitState::refunded);
}

TEST_CASE("without a register Redis decides alone; eager shows before it is registered") {
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "u"};
  const Decision off = decide(running_claim(), ready, start, with(RegisterMode::off));
  CHECK(off.claim.units[0].state == UnitState::delivered);
  const RefundAllowed yes{.unit = 0, .allowed = true};
  const Decision back = decide(failed_claim(), yes, start, with(RegisterMode::off));
  CHECK(back.claim.units[0].state == UnitState::refunding);
  CHECK(back.commit);
  const Decision eager = decide(running_claim(), ready, start, with(RegisterMode::eager));
  CHECK(eager.claim.units[0].state == UnitState::ready);
  CHECK(eager.claim.units[0].shown_before_register);
  CHECK(eager.action.kind == ActionKind::write_register);
}

TEST_CASE("a dispute stops deliveries and refunds alike") {
  RefundsSeen disputed = refunds({}, 0);
  disputed.payment.disputed = true;
  CHECK(decide(refunding_claim(), disputed, start).claim.state == OrderState::held);
  CHECK(decide(ready_claim(), disputed.payment, start).claim.state == OrderState::held);
  CHECK(decide(paid_claim(), disputed.payment, start).claim.state == OrderState::held);
}

}  // namespace
}  // namespace claimcheck
