// Clocks that do not agree: no deadline passes, and nothing stands still for long.
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

Policy doubtful() {
  Policy policy;
  policy.clocks_agree = false;
  return policy;
}
const Time far = start + std::chrono::days(3);

TEST_CASE("while the clocks do not agree nothing ends by a deadline") {
  const auto state = [](const Claim& claim, const Observation& seen, const Policy& policy) {
    return decide(claim, seen, far, policy).claim.units[0].state;
  };
  const Claim unheard = decide(running_claim(), Polled{.result = PollResult::unclear}, start).claim;
  const std::vector<std::pair<Claim, Observation>> ends = {
      {running_claim(), Polled{.result = PollResult::running}},
      {running_claim(), Polled{.result = PollResult::missing}},
      {running_claim(), Polled{.result = PollResult::no_video}},
      {unheard, Polled{.result = PollResult::unclear}},
      {submitting_claim(), LookedUp{.result = LookUpResult::unclear}},
      {submitting_claim(), submitted(SubmitResult::refused)},
      {paid_claim(), Submitted{.result = SubmitResult::paused}},
      {paid_claim(), Unpreparable{.unit = 0, .reason = "gone", .lost = true}}};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    CAPTURE(i);
    const auto& [claim, seen] = ends[i];
    CHECK(state(claim, seen, Policy()) == UnitState::failed);
    CHECK(state(claim, seen, doubtful()) != UnitState::failed);
  }
  Claim unknown = decide(open_claim(), PaymentUnclear{true}, start).claim;
  CHECK(decide(unknown, PaymentUnclear{true}, far, doubtful()).claim.state == OrderState::open);
}

TEST_CASE("polls and deliveries go on meanwhile") {
  const Polled ready{.result = PollResult::ready, .url = "https://v/1.mp4"};
  CHECK(decide(running_claim(), ready, far, doubtful()).claim.units[0].state == UnitState::ready);
  CHECK(decide(running_claim(), Woken(), far, doubtful()).action.kind == ActionKind::poll);
}

TEST_CASE("a clock that jumped lets no deadline pass for as long as the deadline is") {
  const auto state = [](const Claim& claim, const Observation& seen, Duration steady_for) {
    Policy policy;
    policy.clock_steady_for = steady_for;
    return decide(claim, seen, far, policy).claim.units[0].state;
  };
  const Polled running{.result = PollResult::running};
  const Duration deadline = Policy().generation_deadline;
  CHECK(state(running_claim(), running, deadline) == UnitState::running);
  CHECK(state(running_claim(), running, deadline + Duration(1)) == UnitState::failed);
  const Submitted paused{.result = SubmitResult::paused};
  const Duration patience = Policy().generator_patience;
  CHECK(state(paid_claim(), paused, patience) == UnitState::waiting);
  CHECK(state(paid_claim(), paused, patience + Duration(1)) == UnitState::failed);
}

// Its payment was read just now.
Claim read(Claim claim) {
  claim.payment_read_us = to_us(start - std::chrono::hours(5));
  return claim;
}

TEST_CASE("a clock that is put back: what it had written in the future happens now") {
  const Time back = start - std::chrono::hours(5);
  const Decision running = decide(running_claim(), Woken(), back, doubtful());
  CHECK(running.commit);
  CHECK(running.moves.front().why == "the clock was put back");
  CHECK(running.claim.units[0].accepted_us == to_us(back));
  // Not only once: it is polled by the new time from now on.
  const Time later = back + std::chrono::seconds(2);
  CHECK(decide(read(running.claim), Woken(), later, doubtful()).action.kind == ActionKind::poll);
  CHECK_FALSE(decide(running.claim, Woken(), later, doubtful()).commit);

  // Nobody knows whether the request went out: it settles anew, and is looked up then.
  const Claim submitting = decide(submitting_claim(), Woken(), back, doubtful()).claim;
  CHECK(submitting.units[0].intent_us == to_us(back));
  const Time settled = back + Policy().settle_time;
  CHECK(decide(read(submitting), Woken(), settled).action.kind == ActionKind::look_up);

  // What Stripe said "just now" may be hours old.
  CHECK(decide(paid_claim(), Woken(), back).action.kind == ActionKind::read_payment);

  Claim waiting = paid_claim();
  waiting.units[0].retry_us = to_us(start + std::chrono::minutes(5));
  waiting.paid_us = to_us(back);
  CHECK(decide(waiting, Woken(), back).action.kind == ActionKind::read_payment);
}

TEST_CASE("clocks of processes that differ a little put nothing back") {
  const Time earlier = start - std::chrono::seconds(9);
  CHECK_FALSE(decide(running_claim(), Woken(), earlier).commit);
  CHECK_FALSE(decide(submitting_claim(), Woken(), earlier).commit);
}

}  // namespace
}  // namespace claimcheck::test
