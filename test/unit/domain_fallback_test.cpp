// Several generators for one order: when a unit moves to the next one, when it must stay, and what
// becomes of a submit that nobody can ask about.
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

Submitted refusal(SubmitResult result, std::string next = "h", Failure failure = Failure::none) {
  Submitted answer = submitted(result);
  answer.generator = "g";
  answer.next = std::move(next);
  answer.failure = failure;
  return answer;
}

Polled failed(std::string next, bool again = false, Failure failure = Failure::unknown) {
  Polled answer;
  answer.result = PollResult::failed;
  answer.again = again;
  answer.failure = failure;
  answer.next = std::move(next);
  return answer;
}

LookedUp impossible(bool again) {
  LookedUp answer;
  answer.result = LookUpResult::impossible;
  answer.again = again;
  return answer;
}

const Unit& only(const Decision& decision) { return decision.claim.units[0]; }

TEST_CASE("fallback: inputs that one generator rejects are made by the next one") {
  const Decision moved = decide(submitting_claim(), refusal(SubmitResult::rejected), start);
  CHECK(only(moved).state == UnitState::waiting);
  CHECK(only(moved).generator == "h");
  CHECK(only(moved).attempt == 2);
  CHECK(moved.moves.back().why == "because (g); h makes it");
  CHECK(moved.action.kind == ActionKind::prepare);
  // The last one in the list: its answer is the end.
  const Decision ended = decide(submitting_claim(), refusal(SubmitResult::rejected, ""), start);
  CHECK(only(ended).state == UnitState::failed);
}

TEST_CASE("fallback: refused content goes to nobody else, at the submit and later") {
  const Decision refused =
      decide(submitting_claim(), refusal(SubmitResult::rejected, "h", Failure::content), start);
  CHECK(only(refused).state == UnitState::failed);
  CHECK(only(refused).failure == Failure::content);
  const Decision later = decide(running_claim(), failed("h", true, Failure::content), start);
  CHECK(only(later).state == UnitState::failed);
  CHECK(only(later).failure == Failure::content);
  CHECK(only(later).reason == "the generator refused the content");
}

TEST_CASE("fallback: a generator that takes no orders is left after the set time, not before") {
  const Policy policy;
  Submitted answer = refusal(SubmitResult::paused);
  answer.away_for = policy.fallback_after;
  CHECK(only(decide(paid_claim(), answer, start)).generator == "g");
  answer.away_for += std::chrono::seconds(1);
  CHECK(only(decide(paid_claim(), answer, start)).generator == "h");
  answer.next.clear();
  CHECK(only(decide(paid_claim(), answer, start)).state == UnitState::waiting);
}

TEST_CASE(
    "fallback: a pause names the generator that was left; one that asked nobody changes none") {
  Submitted answer = refusal(SubmitResult::paused);
  answer.away_for = Policy().fallback_after + std::chrono::seconds(1);
  const Claim moved = decide(paid_claim(), answer, start).claim;
  CHECK(moved.units[0].reason == "the generator takes no orders");
  CHECK(decide(paid_claim(), answer, start).moves.back().why ==
        "the generator takes no orders (g); h makes it");
  Submitted unasked = refusal(SubmitResult::paused, "");
  unasked.generator.clear();
  CHECK(only(decide(moved, unasked, start)).generator == "h");
}

TEST_CASE("fallback: an order that was refused itself counts its own time") {
  const Submitted answer = refusal(SubmitResult::refused);
  const Claim waiting = decide(submitting_claim(), answer, start).claim;
  CHECK(waiting.units[0].generator == "g");
  const Time later = start + Policy().fallback_after + std::chrono::seconds(1);
  const Claim again = decide(waiting, prepared(), later).claim;
  CHECK(only(decide(again, answer, later)).generator == "h");
}

TEST_CASE("fallback: a failed generation is repeated where it was, then made by the next one") {
  const Decision again = decide(running_claim(), failed("h", true), start);
  CHECK(only(again).generator == "g");
  CHECK(only(again).state == UnitState::waiting);
  const Decision moved = decide(running_claim(), failed("h"), start);
  CHECK(only(moved).generator == "h");
  CHECK(only(moved).generations == 1);
  CHECK(generations_here(only(moved)) == 0);
  CHECK(only(moved).job == "job-1");  // the earlier one stays on record until the next is known
  CHECK(only(decide(running_claim(), failed(""), start)).state == UnitState::failed);
}

TEST_CASE("fallback: each generator has its own number of generations") {
  Claim claim = decide(running_claim(), failed("h"), start).claim;
  claim = decide(claim, prepared(), start).claim;
  claim = decide(claim, submitted(SubmitResult::accepted, 0, "job-2"), start).claim;
  CHECK(generations_here(claim.units[0]) == 1);
  const Decision again = decide(claim, failed("", true), start);
  CHECK(only(again).state == UnitState::waiting);
  CHECK(only(again).generations == 2);
}

TEST_CASE("fallback: what was registered or shown is not made by anybody else") {
  Claim claim = running_claim();
  claim.units[0].registered = Outcome::deliver;
  CHECK(only(decide(claim, failed("h"), start)).state == UnitState::held);
  claim = running_claim();
  claim.units[0].shown_before_register = true;
  CHECK(only(decide(claim, failed("h"), start)).state == UnitState::failed);
}

TEST_CASE("without a look-up an unclear submit waits until its request has settled") {
  const Decision decision = decide(submitting_claim(), impossible(true), start);
  CHECK(only(decision).state == UnitState::submitting);
  CHECK(only(decision).doubles == 0);
}

TEST_CASE("without a look-up a settled submit is repeated as often as it may, under one seed") {
  const Policy policy;
  const Time settled = start + policy.settle_time;
  const Claim first = submitting_claim();
  const Decision again = decide(first, impossible(true), settled);
  CHECK(only(again).state == UnitState::waiting);
  CHECK(only(again).doubles == 1);
  Claim second = decide(again.claim, prepared(), settled).claim;
  CHECK(second.units[0].seed == first.units[0].seed);
  const Time later = settled + policy.settle_time;
  const Decision held = decide(second, impossible(true), later);
  CHECK(only(held).state == UnitState::held);
  CHECK(only(held).reason == "nobody can tell whether the generator has it");
  // A day's limit of such repeats, or of further generations, is used up.
  CHECK(only(decide(first, impossible(false), settled)).state == UnitState::held);
  // The repeat was accepted. Whether the first one was, nobody knows for ever.
  CHECK(only(decide(second, submitted(SubmitResult::accepted), later)).doubles == 1);
}

TEST_CASE("fallback: while a submit may have been accepted, nobody else is asked") {
  const Time settled = start + Policy().settle_time;
  Claim claim = decide(submitting_claim(), impossible(true), settled).claim;
  Submitted away = refusal(SubmitResult::paused);
  away.away_for = std::chrono::hours(1);
  CHECK(only(decide(claim, away, settled)).generator == "g");
  claim = decide(claim, prepared(), settled).claim;
  CHECK(only(decide(claim, refusal(SubmitResult::rejected), settled)).state == UnitState::failed);
  claim = decide(claim, submitted(SubmitResult::accepted), settled).claim;
  CHECK(only(decide(claim, failed("h"), settled)).state == UnitState::failed);
}

TEST_CASE("without a look-up a delivered video that Redis has lost is not made again") {
  Claim claim = paid_claim();
  claim.units[0].registered = Outcome::deliver;
  claim = decide(claim, prepared(), start).claim;
  const Decision decision = decide(claim, impossible(true), start + Policy().settle_time);
  CHECK(decision.action.kind != ActionKind::submit);
  CHECK(only(decision).state != UnitState::waiting);
}

TEST_CASE("a call of the generator brings the next poll forward, once") {
  Policy policy;
  policy.poll_min = policy.poll_max = std::chrono::minutes(5);
  const Time soon = start + std::chrono::seconds(1);
  CHECK(decide(running_claim(), Woken(), soon, policy).action.kind == ActionKind::park);
  const Decision called = decide(running_claim(), CalledBack{.unit = 0}, soon, policy);
  CHECK(called.commit);
  CHECK(called.moves.empty());
  CHECK(decide(called.claim, Woken(), soon, policy).action.kind == ActionKind::poll);
  CHECK_FALSE(decide(called.claim, CalledBack{.unit = 0}, soon, policy).commit);  // sent twice
  Polled running;
  running.result = PollResult::running;
  const Decision polled = decide(called.claim, running, soon, policy);
  CHECK(polled.commit);
  CHECK(decide(polled.claim, Woken(), soon, policy).action.kind == ActionKind::park);
  // A unit that has no running job is not touched.
  CHECK_FALSE(decide(ready_claim(), CalledBack{.unit = 0}, soon, policy).commit);
}

TEST_CASE("of several jobs the one that the generator called about is polled before the others") {
  Policy limited;  // the generator must not be asked more often about one job
  limited.poll_min = limited.poll_max = std::chrono::minutes(5);
  Claim claim = paid_claim(3);
  for (std::size_t unit = 0; unit < 3; ++unit) {
    claim = decide(claim, prepared(unit), start, limited).claim;
    const std::string job = "job-" + std::to_string(unit);
    claim = decide(claim, submitted(SubmitResult::accepted, unit, job), start, limited).claim;
  }
  const Time soon = start + std::chrono::minutes(1);
  CHECK(decide(claim, Woken(), soon, limited).action.kind == ActionKind::park);
  const Decision called = decide(claim, CalledBack{.unit = 1}, soon, limited);
  CHECK(called.action == Action{.kind = ActionKind::poll, .unit = 1});
  CHECK(decide(called.claim, Woken(), soon, limited).action == called.action);
  // The others are not asked with it: their turn comes when the time between two polls is over.
  const Polled running{.unit = 1, .result = PollResult::running};
  const Decision polled = decide(called.claim, running, soon, limited);
  CHECK(polled.action ==
        Action{.kind = ActionKind::park, .delay = limited.poll_min - std::chrono::minutes(1)});
  const Time due = start + limited.poll_min;
  CHECK(decide(polled.claim, Woken(), due, limited).action ==
        Action{.kind = ActionKind::poll, .unit = 0, .also = {1, 2}});
}

TEST_CASE("what a job costs is added to the claim, in each currency") {
  Polled answer = failed("", true);
  answer.cost = ProviderCost{.micros = 250'000, .currency = "usd"};
  Claim claim = decide(running_claim(), answer, start).claim;
  CHECK(claim.units[0].cost == "usd 250000");
  claim = decide(claim, prepared(), start).claim;
  claim = decide(claim, submitted(SubmitResult::accepted, 0, "job-2"), start).claim;
  Polled ready;
  ready.result = PollResult::ready;
  ready.url = "https://v/1.mp4";
  ready.cost = ProviderCost{.micros = 24'000'000, .currency = "credits"};
  CHECK(only(decide(claim, ready, start)).cost == "usd 250000, credits 24000000");
  ready.cost->currency = "usd";
  CHECK(only(decide(claim, ready, start)).cost == "usd 24250000");
}

TEST_CASE("costs: words for people, and what cannot be read is left out") {
  CHECK(cost_words("usd 150000, credits 24000000") == "0.15 usd, 24 credits");
  CHECK(cost_words("") == "");
  CHECK(costs_in("usd 1, rubbish, eur x, eur 2") ==
        std::vector<ProviderCost>{{1, "usd"}, {2, "eur"}});
}

}  // namespace
}  // namespace claimcheck::test
