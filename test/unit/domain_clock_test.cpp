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
  CHECK(decide(running_claim(), Looked(), far, doubtful()).action.kind == ActionKind::poll);
}

TEST_CASE("a clock that is put back lets no order stand still for as long") {
  const Time back = start - std::chrono::hours(5);
  for (const Claim& claim : {running_claim(), submitting_claim(), paid_claim()}) {
    const Decision decision = decide(claim, Looked(), back, doubtful());
    if (decision.action.kind != ActionKind::park) continue;
    CHECK(decision.action.delay <= Policy().data_grace);
  }
  CHECK(decide(running_claim(), Looked(), back).action.delay <= Policy().poll_max);
}

}  // namespace
}  // namespace claimcheck::test
