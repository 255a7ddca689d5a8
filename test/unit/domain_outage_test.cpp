// A generator that is away: orders wait for it, and nothing ends before their patience does.
#include "domain/view.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const Time over = start + Policy().generator_patience + Duration(1);

Claim after_lookups(Claim claim, Time& now) {
  const LookedUp none{.unit = 0, .result = LookUpResult::none};
  now += Policy().settle_time;
  claim = decide(claim, none, now).claim;
  CHECK(claim.units[0].empty_lookups == 1);
  now += Policy().lookup_gap;
  return decide(claim, none, now).claim;
}

TEST_CASE("two empty look-ups give the attempt back: the same seed goes out again") {
  Time now = start;
  Claim claim = submitting_claim();
  const std::int64_t seed = claim.units[0].seed;
  for (int i = 0; i < 10; ++i) {
    claim = after_lookups(claim, now);
    CHECK(claim.units[0].state == UnitState::waiting);
    claim = decide(claim, seen(PaymentState::paid), now).claim;
    claim = decide(claim, prepared(), now).claim;
    CHECK(claim.units[0].state == UnitState::submitting);
    CHECK(claim.units[0].seed == seed);
    CHECK(claim.units[0].attempt == 1);
    CHECK(claim.units[0].generations == 0);
  }
}

TEST_CASE("a submit of which nothing is known goes back when the patience is over") {
  Time now = over;
  Claim claim = submitting_claim();
  claim.units[0].intent_us = to_us(now);
  claim = after_lookups(claim, now);
  CHECK(claim.units[0].state == UnitState::failed);
  CHECK(claim.units[0].reason == "the generator took no order within 1440 min");
}

TEST_CASE("a look-up without an answer counts for nothing, and is repeated less and less often") {
  const LookedUp unclear{.unit = 0, .result = LookUpResult::unclear};
  Time now = start + Policy().settle_time;
  Claim claim = submitting_claim();
  Duration last{0};
  for (int i = 0; i < 10; ++i) {
    const Decision decision = decide(claim, unclear, now);
    CHECK(decision.moves.size() == (i == 0 ? 1 : 0));
    CHECK(decision.claim.units[0].empty_lookups == 0);
    CHECK(decision.action.kind == ActionKind::park);
    CHECK(decision.action.delay >= last);
    last = decision.action.delay;
    claim = decision.claim;
    now += last;
  }
  CHECK(last == Policy().unclear_max);
  CHECK(decide(claim, unclear, over).claim.units[0].state == UnitState::failed);
}

TEST_CASE("an order that waits says so once, and stores nothing more") {
  const Submitted paused{.result = SubmitResult::paused,
                         .reason = "the generator takes no orders",
                         .retry_after = std::chrono::seconds(30)};
  const Decision first = decide(paid_claim(), paused, start);
  CHECK(first.commit);
  CHECK(first.claim.units[0].state == UnitState::waiting);
  CHECK(first.action.delay == std::chrono::seconds(30));
  const View view = view_of(first.claim);
  CHECK(view.notice == SessionNotice::generator_away);
  CHECK(view.waits_until == start + Policy().generator_patience);
  CHECK(view.status == SessionStatus::processing);
  const Decision later = decide(first.claim, paused, start + std::chrono::hours(20));
  CHECK_FALSE(later.commit);
  CHECK(later.action.delay == std::chrono::seconds(30));
  const Decision end = decide(first.claim, paused, over);
  CHECK(end.claim.units[0].state == UnitState::failed);
  CHECK(end.claim.units[0].reason == "the generator took no order within 1440 min");
}

TEST_CASE("what the generator accepts waits no more") {
  Claim claim = decide(submitting_claim(), submitted(SubmitResult::refused), start).claim;
  CHECK(view_of(claim).notice == SessionNotice::generator_away);
  claim = decide(claim, prepared(), start + std::chrono::minutes(1)).claim;
  claim = decide(claim, submitted(SubmitResult::accepted), start + std::chrono::minutes(1)).claim;
  CHECK(claim.units[0].away_us == 0);
  CHECK_FALSE(view_of(claim).notice.has_value());
}

TEST_CASE("a person's word begins the patience anew") {
  Claim claim = paid_claim();
  claim.units[0].operator_decided_us = to_us(over);
  const Submitted paused{.result = SubmitResult::paused};
  CHECK(decide(claim, paused, over).claim.units[0].state == UnitState::waiting);
}

TEST_CASE("a conflict costs no generation: another seed, until the patience is over") {
  Claim claim = submitting_claim();
  Time now = start;
  for (std::int64_t attempt = 2; attempt < 12; ++attempt) {
    const Decision decision = decide(claim, submitted(SubmitResult::conflicted), now);
    CHECK(decision.claim.units[0].state == UnitState::waiting);
    CHECK(decision.claim.units[0].attempt == attempt);
    CHECK(decision.action.kind == ActionKind::park);
    now += decision.action.delay;
    claim = decide(decision.claim, seen(PaymentState::paid), now).claim;
    claim = decide(claim, prepared(), now).claim;
    CHECK(claim.units[0].seed == submit_seed(id, 0, attempt));
  }
  const Decision end = decide(claim, submitted(SubmitResult::conflicted), over);
  CHECK(end.claim.units[0].state == UnitState::failed);
}

TEST_CASE("the deadline of a job stands still while the generator tells nothing") {
  const Polled running{.unit = 0, .result = PollResult::running};
  const Polled silent{.unit = 0, .result = PollResult::unclear};
  const Claim claim = running_claim();
  const Time deadline = start + Policy().generation_deadline;
  CHECK(decide(claim, running, deadline).action.kind == ActionKind::park);
  CHECK(decide(claim, running, deadline + Duration(1)).claim.units[0].state == UnitState::failed);

  const Time away = start + std::chrono::minutes(5);
  const Duration outage = std::chrono::hours(3);
  const Decision first = decide(claim, silent, away);
  CHECK(first.commit);
  CHECK(first.moves.empty());
  CHECK_FALSE(decide(first.claim, silent, away + outage / 2).commit);
  const Decision back = decide(first.claim, running, away + outage);
  CHECK(back.claim.units[0].state == UnitState::running);
  CHECK(back.commit);
  CHECK(decide(back.claim, running, deadline + outage).claim.units[0].state == UnitState::running);
  const Time late = deadline + outage + Duration(1);
  CHECK(decide(back.claim, running, late).claim.units[0].state == UnitState::failed);
}

TEST_CASE("a generator that tells nothing of a job has until the patience is over") {
  const Polled silent{.unit = 0, .result = PollResult::unclear};
  const Claim claim = decide(running_claim(), silent, start).claim;
  CHECK(decide(claim, silent, over - Duration(1)).claim.units[0].state == UnitState::running);
  CHECK(decide(claim, silent, over).claim.units[0].state == UnitState::failed);
  // One that was silent only now has the time of a generation to say something.
  CHECK(decide(running_claim(), silent, over).claim.units[0].state == UnitState::running);
}

TEST_CASE("a failed generation is followed by one more, where that may be bought") {
  const Polled error{.unit = 0, .result = PollResult::failed, .again = true};
  const Decision first = decide(running_claim(), error, start);
  CHECK(first.claim.units[0].state == UnitState::waiting);
  CHECK(first.claim.units[0].attempt == 2);
  CHECK(first.action.kind == ActionKind::prepare);
  CHECK(view_of(first.claim).notice == SessionNotice::made_again);
  Claim claim = decide(first.claim, prepared(), start).claim;
  CHECK(claim.units[0].seed == submit_seed(id, 0, 2));
  claim = decide(claim, submitted(SubmitResult::accepted), start).claim;
  CHECK(claim.units[0].generations == 2);
  CHECK(view_of(claim).notice == SessionNotice::made_again);
  const Decision second = decide(claim, error, start);
  CHECK(second.claim.units[0].state == UnitState::failed);
  CHECK(second.action.kind == ActionKind::allow_refund);
}

TEST_CASE("a failed generation is not repeated where it may not be") {
  Polled error{.unit = 0, .result = PollResult::failed, .again = false};
  CHECK(decide(running_claim(), error, start).claim.units[0].state == UnitState::failed);
  error.again = true;
  Claim claim = running_claim();
  claim.units[0].registered = Outcome::refund;
  CHECK(decide(claim, error, start).claim.units[0].state == UnitState::failed);
}

TEST_CASE("an address without a video is told of once, and is no video") {
  const Polled nothing{.unit = 0, .result = PollResult::no_video, .url = "https://v"};
  const Decision first = decide(running_claim(), nothing, start);
  CHECK(first.claim.units[0].state == UnitState::running);
  CHECK(first.claim.units[0].reason == "the generator names a video, and there is none");
  CHECK(first.moves.size() == 1);
  CHECK(first.action.kind == ActionKind::park);
  CHECK_FALSE(decide(first.claim, nothing, start).commit);
  const Time deadline = start + Policy().generation_deadline + Duration(1);
  CHECK(decide(first.claim, nothing, deadline).claim.units[0].state == UnitState::failed);
}

}  // namespace
}  // namespace claimcheck::test
