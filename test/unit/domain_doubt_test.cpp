// No clear answer of a peer about one unit: the others of its order go on.
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

#include <map>

namespace claimcheck::test {
namespace {

// Runs passes over the claim for so long, each action answered as `answers` says; counts them.
std::map<ActionKind, int> kinds_in(Claim claim, Duration length,
                                   const std::map<ActionKind, Observation>& answers) {
  std::map<ActionKind, int> kinds;
  Claim in_pass = claim;
  Observation observation = Woken();
  const Time begin = start + Policy().settle_time;
  for (Time now = begin; now < begin + length;) {
    const Decision decision = decide(in_pass, observation, now, Policy());
    if (decision.commit) claim = decision.claim;
    if (decision.action.kind == ActionKind::park) {
      now += std::max<Duration>(decision.action.delay, std::chrono::seconds(1));
      observation = Woken();
      in_pass = claim;  // what was not stored is forgotten with the pass
      continue;
    }
    in_pass = decision.claim;
    kinds[decision.action.kind] += 1;
    REQUIRE(answers.contains(decision.action.kind));
    observation = answers.at(decision.action.kind);
  }
  return kinds;
}

TEST_CASE("a unit in doubt keeps no other unit of its order waiting") {
  Claim claim = decide(paid_claim(2), prepared(0), start).claim;
  claim = decide(claim, submitted(SubmitResult::unclear, 0), start).claim;
  claim = decide(claim, prepared(1), start).claim;
  claim = decide(claim, submitted(SubmitResult::accepted, 1, "job-2"), start).claim;
  std::map<ActionKind, Observation> answers = {
      {ActionKind::look_up, LookedUp{.unit = 0, .result = LookUpResult::unclear}},
      {ActionKind::poll, Polled{.unit = 1, .result = PollResult::running}}};
  const auto kinds = kinds_in(claim, std::chrono::minutes(10), answers);
  CHECK(kinds.at(ActionKind::look_up) > 10);
  CHECK(kinds.at(ActionKind::poll) > 10);

  answers[ActionKind::poll] = Polled{.unit = 1, .result = PollResult::ready, .url = "https://v"};
  answers[ActionKind::write_register] = Registered{.unit = 1, .outcome = Outcome::deliver};
  CHECK(kinds_in(claim, std::chrono::minutes(1), answers).at(ActionKind::write_register) == 1);
}

TEST_CASE("an unclear payment or refund keeps no other unit of its order waiting") {
  Claim claim = decide(paid_claim(3), prepared(0), start).claim;
  claim = decide(claim, submitted(SubmitResult::accepted, 0, "job-0"), start).claim;
  std::map<ActionKind, Observation> answers = {
      {ActionKind::read_payment, PaymentUnclear()},
      {ActionKind::list_refunds, RefundsUnclear()},
      {ActionKind::poll, Polled{.unit = 0, .result = PollResult::running}}};
  SUBCASE("the payment, before another submit") {
    const auto kinds = kinds_in(claim, std::chrono::minutes(10), answers);
    CHECK(kinds.at(ActionKind::read_payment) > 10);
    CHECK(kinds.at(ActionKind::poll) > 10);
  }
  SUBCASE("the refunds") {
    claim.units[1].state = claim.units[2].state = UnitState::refunding;
    const auto kinds = kinds_in(claim, std::chrono::minutes(10), answers);
    CHECK(kinds.at(ActionKind::list_refunds) > 10);
    CHECK(kinds.at(ActionKind::poll) > 10);
  }
}

TEST_CASE("one look that knows no such session decides nothing; ten minutes of them do") {
  const PaymentUnclear unknown{.unknown_session = true};
  const Decision first = decide(open_claim(), unknown, start);
  CHECK(first.commit);
  CHECK(first.claim.state == OrderState::open);
  CHECK(first.moves.size() == 1);
  CHECK(first.action == Action{.kind = ActionKind::park, .delay = Policy().unknown_wait});
  const Time late = start + Policy().unknown_grace + Duration(1);
  CHECK_FALSE(decide(first.claim, unknown, late - Duration(1)).commit);
  CHECK(decide(first.claim, unknown, late).claim.state == OrderState::held);
  // A process with the right key has seen it meanwhile.
  const Claim known = decide(first.claim, seen(PaymentState::paid), start).claim;
  CHECK(known.unknown_us == 0);
  CHECK(decide(known, unknown, late).claim.state == OrderState::paid);
}

}  // namespace
}  // namespace claimcheck::test
