// What a person commands, and how the order machine goes on from there, call by call. Which command
// is taken in which state is the table in docs/state-machine.md (domain_state_machine_test.cpp).
#include "domain/command.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::failed_claim;
using test::open_claim;
using test::ours;
using test::paid_claim;
using test::prepared;
using test::ready_claim;
using test::refunding_claim;
using test::refunds;
using test::running_claim;
using test::seen;
using test::start;
using test::submitted;
using test::submitting_claim;
using test::with;

constexpr const char* hand = "https://hand/1.mp4";

Claim held(Claim claim, std::size_t unit = 0) {
  claim.state = OrderState::held;
  claim.units.at(unit).state = UnitState::held;
  return claim;
}

Command command(CommandKind kind, std::optional<std::size_t> unit = std::nullopt) {
  return {.kind = kind, .unit = unit, .url = kind == CommandKind::deliver ? hand : ""};
}

Claim after(const Claim& claim, const Command& wanted, Time now = start,
            const Policy& policy = {}) {
  const auto applied = decide(claim, wanted, now, policy);
  REQUIRE(applied);
  CHECK(applied->decision.commit);
  CHECK(applied->decision.claim.payment_read_us == 0);
  return applied->decision.claim;
}
Claim after(const Claim& claim, CommandKind kind, Time now = start, const Policy& policy = {}) {
  return after(claim, command(kind), now, policy);
}

std::string refused(const Claim& claim, const Command& wanted) {
  const auto applied = decide(claim, wanted, start);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().why.size() > 10);
  return applied.error().code;
}

PaymentSeen registered(Outcome outcome) {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.registered = {outcome};
  return payment;
}

// The look at the payment with which the machine begins after a command.
Decision looked(const Claim& claim, Time now = start, const Policy& policy = {}) {
  CHECK(decide(claim, Woken(), now, policy).action.kind == ActionKind::read_payment);
  return decide(claim, seen(PaymentState::paid), now, policy);
}

Policy manual() {
  Policy policy;
  policy.refunds_automatic = false;
  return policy;
}

TEST_CASE("a person's refund asks no breaker, but the register and the list") {
  Policy policy = manual();
  policy.refund_alone_max_minor = 1;
  for (const Claim& claim : {failed_claim(), held(failed_claim()), held(running_claim())}) {
    const Claim decided = after(claim, CommandKind::refund, start, policy);
    CHECK(decided.state == OrderState::paid);
    CHECK(decided.units[0].state == UnitState::failed);
    const Decision look = looked(decided, start, policy);
    CHECK(look.action == Action{.kind = ActionKind::write_register});
    const Registered refund{.unit = 0, .outcome = Outcome::refund};
    const Decision goes_back = decide(look.claim, refund, start, policy);
    CHECK(goes_back.action.kind == ActionKind::list_refunds);
    const Decision listed = decide(goes_back.claim, refunds({}, 0), start, policy);
    CHECK(listed.action == Action{.kind = ActionKind::refund});
  }
}

TEST_CASE("a person's refund of what is made meanwhile: the register decides") {
  const Registered deliver{.unit = 0, .outcome = Outcome::deliver};
  const Claim decided = after(ready_claim(), CommandKind::refund);
  CHECK(decide(decided, registered(Outcome::deliver), start).claim.state == OrderState::done);
  const Claim before_write = looked(decided).claim;
  const Decision stands = decide(before_write, deliver, start);
  CHECK(stands.claim.units[0].state == UnitState::delivered);
  CHECK(stands.claim.state == OrderState::done);
  // Without a video there is nothing to show: a person's again.
  const Claim lost = after(failed_claim(), CommandKind::refund);
  CHECK(decide(lost, registered(Outcome::deliver), start).claim.state == OrderState::held);
}

TEST_CASE("no command goes over a dispute, nor over what a person has sent back") {
  PaymentSeen disputed = seen(PaymentState::paid);
  disputed.disputed = true;
  for (const CommandKind kind :
       {CommandKind::retry, CommandKind::resubmit, CommandKind::deliver, CommandKind::refund}) {
    const Claim decided = after(held(failed_claim()), kind);
    CHECK(decided.state == OrderState::paid);
    CHECK(decide(decided, disputed, start).claim.state == OrderState::held);
  }
  const Claim refunding = decide(looked(after(held(failed_claim()), CommandKind::refund)).claim,
                                 Registered{.unit = 0, .outcome = Outcome::refund}, start)
                              .claim;
  RefundsSeen part =
      refunds({{.id = "re_9", .state = RefundState::succeeded, .amount_minor = 30}}, 30);
  CHECK(decide(refunding, part, start).claim.state == OrderState::held);
  part.payment.disputed = true;
  CHECK(decide(refunding, part, start).claim.state == OrderState::held);
}

TEST_CASE("a retry looks for what was submitted before it submits again") {
  const Time later = start + std::chrono::hours(48);
  Claim claim = after(held(failed_claim()), CommandKind::retry, later);
  CHECK(claim.units[0].state == UnitState::submitting);
  CHECK(claim.units[0].seed == failed_claim().units[0].seed);
  Decision step = looked(claim, later);
  CHECK(step.action == Action{.kind = ActionKind::look_up});
  // Nobody answers: that is no reason to give up, the retry is of now.
  const LookedUp unclear{.unit = 0, .result = LookUpResult::unclear};
  CHECK(decide(step.claim, unclear, later).action.kind == ActionKind::park);
  const LookedUp none{.unit = 0, .result = LookUpResult::none};
  step = decide(step.claim, none, later);
  step = decide(step.claim, none, later + Policy().lookup_gap);
  CHECK(step.claim.units[0].state == UnitState::waiting);
  CHECK(step.claim.units[0].attempt == 1);  // it cost nothing: the same seed goes out again
}

TEST_CASE("a retry may not touch a submit that has not settled") {
  Claim claim = failed_claim();  // rejected at once: its intent is of now
  claim = after(claim, CommandKind::retry, start + std::chrono::seconds(1));
  CHECK(claim.units[0].intent_us == to_us(start));
  const Time soon = start + std::chrono::seconds(2);
  const Decision step = decide(claim, seen(PaymentState::paid), soon);
  CHECK(step.action.kind == ActionKind::park);
  CHECK(step.action.delay == Policy().settle_time - std::chrono::seconds(2));
}

TEST_CASE("a retry polls a job again, with all of its time") {
  const Time later = start + std::chrono::hours(48);
  const Claim claim = after(held(running_claim()), CommandKind::retry, later);
  CHECK(claim.units[0].state == UnitState::running);
  const Decision step = looked(claim, later + Policy().poll_min);
  const Polled running{.unit = 0, .result = PollResult::running};
  CHECK(decide(step.claim, running, later + Policy().generation_deadline).claim.units[0].state ==
        UnitState::running);
}

TEST_CASE("what a person sent on its way has a day and its data's grace from then") {
  const Time later = start + std::chrono::hours(48);
  Claim claim = looked(after(held(paid_claim()), CommandKind::retry, later), later).claim;
  const Unpreparable gone{.unit = 0, .reason = "gone", .lost = true};
  CHECK(decide(claim, gone, later).claim.units[0].state == UnitState::waiting);
  claim = decide(claim, prepared(), later).claim;
  const Decision refused_once = decide(claim, submitted(SubmitResult::refused), later);
  CHECK(refused_once.claim.units[0].state == UnitState::waiting);
}

TEST_CASE("a resubmit is one attempt more, and only one") {
  Claim claim = held(failed_claim());
  claim.units[0].attempt = 2;
  claim.units[0].generations = Policy().generations_max;
  claim.units[0].job = "job-of-before";
  claim = after(claim, CommandKind::resubmit);
  CHECK(claim.units[0].attempt == 3);
  CHECK(claim.units[0].job == "job-of-before");  // or it would be taken for another program's
  claim = looked(claim).claim;
  const Decision submit = decide(claim, prepared(), start);
  CHECK(submit.action.kind == ActionKind::submit);
  CHECK(submit.claim.units[0].seed == submit_seed(test::id, 0, 3));
  const Claim accepted = decide(submit.claim, submitted(SubmitResult::accepted), start).claim;
  const Polled error{.unit = 0, .result = PollResult::failed, .again = true};
  const Decision failed = decide(accepted, error, start);
  CHECK(failed.claim.units[0].state == UnitState::failed);
  CHECK(failed.claim.units[0].operator_decided_us == 0);  // by itself: the breaker is asked again
  CHECK(failed.action.kind == ActionKind::allow_refund);
  // The job of before is not polled when the new submit came to nothing.
  const Claim rejected = decide(submit.claim, submitted(SubmitResult::rejected), start).claim;
  CHECK(after(rejected, CommandKind::retry).units[0].state == UnitState::submitting);
}

TEST_CASE("a delivery by hand is registered before it is shown, eager or not") {
  for (const RegisterMode mode : {RegisterMode::strict, RegisterMode::eager}) {
    const Policy policy = with(mode);
    const Claim claim = after(held(failed_claim()), CommandKind::deliver, start, policy);
    CHECK(claim.units[0].url == hand);
    CHECK_FALSE(claim.units[0].shown_before_register);
    const Decision step = looked(claim, start, policy);
    CHECK(step.action == Action{.kind = ActionKind::write_register});
    const Registered deliver{.unit = 0, .outcome = Outcome::deliver};
    CHECK(decide(step.claim, deliver, start, policy).claim.state == OrderState::done);
    CHECK(decide(claim, registered(Outcome::refund), start, policy).claim.units[0].state ==
          UnitState::refunding);
  }
}

TEST_CASE("what a person has touched is not shown before the register has it") {
  const Policy eager = with(RegisterMode::eager);
  const Claim claim = after(held(running_claim()), CommandKind::retry, start, eager);
  const Polled ready{.unit = 0, .result = PollResult::ready, .url = "https://v/1.mp4"};
  const Time polled = start + eager.poll_min;
  const Claim looked_at = looked(claim, polled, eager).claim;
  CHECK_FALSE(decide(looked_at, ready, polled, eager).claim.units[0].shown_before_register);
}

TEST_CASE("what the register calls delivered can be given its video by hand, at once") {
  Claim lost = held(failed_claim());
  lost.units[0].registered = Outcome::deliver;
  const Decision step = looked(after(lost, CommandKind::deliver));
  CHECK(step.claim.units[0].state == UnitState::delivered);
  CHECK(step.claim.state == OrderState::done);
  // Or looked for by its seeds, from the first one on, and never made.
  lost.units[0].attempt = 2;
  const Decision search = decide(looked(after(lost, CommandKind::retry)).claim, prepared(), start);
  CHECK(search.action.kind == ActionKind::look_up);
  CHECK(search.claim.units[0].attempt == 1);
}

TEST_CASE("without a register the claim itself keeps what was decided") {
  const Policy off = with(RegisterMode::off);
  const Decision refund =
      looked(after(held(failed_claim()), CommandKind::refund, start, off), start, off);
  CHECK(refund.claim.units[0].state == UnitState::refunding);
  Claim stuck = held(refund.claim);
  CHECK(refused(stuck, command(CommandKind::deliver)) == "refund_registered");
  CHECK(refused(stuck, command(CommandKind::retry)) == "refund_registered");
  const Decision made =
      looked(after(held(failed_claim()), CommandKind::deliver, start, off), start, off);
  CHECK(made.claim.state == OrderState::done);
  CHECK(made.claim.units[0].state == UnitState::delivered);
}

TEST_CASE("an order without money has nothing to register") {
  Claim claim = open_claim();
  claim.amount_minor = 0;
  PaymentSeen payment = seen(PaymentState::paid);
  payment.amount.amount_minor = 0;
  claim = held(decide(claim, payment, start).claim);
  const Claim made = after(claim, CommandKind::deliver);
  CHECK(decide(made, payment, start).claim.state == OrderState::done);
  const auto over = decide(claim, command(CommandKind::refund), start);
  REQUIRE(over);
  CHECK(over->decision.claim.state == OrderState::done);
}

TEST_CASE("of several videos: all, one, or the ones that it can be done for") {
  Claim claim = failed_claim(3);
  claim.units[1].state = UnitState::delivered;
  CHECK(refused(claim, command(CommandKind::refund)) == "unit_missing");
  CHECK(refused(claim, command(CommandKind::deliver)) == "unit_missing");
  CHECK(refused(claim, command(CommandKind::refund, 3)) == "no_such_unit");
  CHECK(refused(claim, command(CommandKind::refund, 1)) == "delivered");
  const auto all = decide(claim, Command{.kind = CommandKind::refund, .all = true}, start);
  REQUIRE(all);
  CHECK(all->units == std::vector<std::size_t>{0, 2});
  REQUIRE(all->left_out.size() == 1);
  CHECK(all->left_out[0].starts_with("video 2 is delivered"));
  CHECK(all->decision.moves.at(0).why == "operator: refund videos 1, 3");
  CHECK(all->decision.moves.at(0).from == "order paid, video 1 failed, video 3 waiting");
  // None is sent back while one may be on its way: nobody shall take it for all.
  claim.units[2] = submitting_claim().units[0];
  CHECK(refused(claim, Command{.kind = CommandKind::refund, .all = true}) == "not_settled");
}

TEST_CASE("a retry of the order takes back no refund that was decided") {
  Claim claim = after(failed_claim(2), command(CommandKind::refund, 0));
  CHECK(refused(claim, command(CommandKind::retry)) == "under_way");
  claim.state = OrderState::held;
  const auto order = decide(claim, command(CommandKind::retry), start);
  REQUIRE(order);
  CHECK(order->decision.claim.state == OrderState::paid);
  CHECK(order->decision.claim.units[0].state == UnitState::failed);
  CHECK(after(claim, command(CommandKind::retry, 0)).units[0].state == UnitState::submitting);
  // Nothing that could go on: the order stays where it is.
  Claim ended = held(failed_claim());
  ended.units[0].refund = "re_1";
  CHECK(refused(ended, command(CommandKind::retry)) == "refunded");
}

TEST_CASE("what a person has decided comes before what may hold the order again") {
  const Claim claim = after(failed_claim(2), command(CommandKind::refund, 0));
  REQUIRE(claim.units[1].state == UnitState::waiting);
  CHECK(looked(claim).action == Action{.kind = ActionKind::write_register, .unit = 0});
}

TEST_CASE("an order held before it was paid is looked at as an open one") {
  Claim claim = open_claim();
  claim.state = OrderState::held;
  claim.reason = "Stripe does not know this session";
  const Claim open = after(claim, CommandKind::retry);
  CHECK(open.state == OrderState::open);
  CHECK(open.reason.empty());
  CHECK(decide(open, seen(PaymentState::paid), start).claim.state == OrderState::paid);
}

TEST_CASE("data is erased when the order is over, a look changes nothing") {
  Claim done = ready_claim();
  done.state = OrderState::done;
  done.units[0].state = UnitState::delivered;
  const auto erased = decide(done, command(CommandKind::erase), start);
  REQUIRE(erased);
  CHECK(erased->decision.commit);
  CHECK(erased->decision.claim == done);
  CHECK(erased->decision.moves.at(0).why == "operator: erase");
  const auto look = decide(done, command(CommandKind::look), start);
  REQUIRE(look);
  CHECK_FALSE(look->decision.commit);
}

TEST_CASE("what is possible is what would be applied, of a video and of all of it") {
  using enum CommandKind;
  using Kinds = std::vector<CommandKind>;
  CHECK(possible(open_claim(), 0, start).empty());
  CHECK(possible(open_claim(), std::nullopt, start) == Kinds{look});
  const Claim waits = held(failed_claim());
  CHECK(possible(waits, 0, start) == Kinds{retry, resubmit, deliver, refund});
  Claim dead = waits;
  for (const char* why : {"the generator reported an error", "the generator has lost the job"}) {
    dead.units[0].reason = why;  // asking the same job again does not help
    CHECK(possible(dead, 0, start) == Kinds{resubmit, retry, deliver, refund});
  }
  CHECK(possible(waits, std::nullopt, start) == Kinds{look, retry, refund});
  CHECK(possible(waits, 1, start).empty());
  Claim done = ready_claim();
  done.state = OrderState::done;
  done.units[0].state = UnitState::delivered;
  CHECK(possible(done, 0, start).empty());
  CHECK(possible(done, std::nullopt, start) == Kinds{look, erase});
}

}  // namespace
}  // namespace claimcheck
