// A generator that makes as many as it may: orders wait for their turn there, which is no outage.
#include "domain/view.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

Submitted in_line(std::size_t unit = 0) {
  return {.unit = unit,
          .result = SubmitResult::queued,
          .retry_after = std::chrono::minutes(3),
          .generator = "superduperai",
          .next = "other"};
}

TEST_CASE("an order that stands in line says so once, and stores nothing more") {
  const Decision first = decide(paid_claim(), in_line(), start);
  CHECK(first.commit);
  CHECK(first.claim.units[0].state == UnitState::waiting);
  CHECK(first.action.kind == ActionKind::park);
  CHECK(first.action.delay == std::chrono::minutes(3));
  const View view = view_of(first.claim);
  CHECK(view.notice == SessionNotice::queued);
  CHECK(view.waits_until == start + Policy().generator_patience);
  CHECK(view.status == SessionStatus::processing);
  const Decision later = decide(first.claim, in_line(), start + std::chrono::hours(20));
  CHECK_FALSE(later.commit);
  CHECK(later.action.delay == std::chrono::minutes(3));
}

TEST_CASE("a full line is no outage: no other generator is asked") {
  const Claim claim = decide(paid_claim(), in_line(), start).claim;
  const Time later = start + 10 * Policy().fallback_after;
  const Decision decision = decide(claim, in_line(), later);
  CHECK(decision.claim.units[0].generator == "superduperai");
  CHECK_FALSE(generator_is_away(decision.claim.units[0]));
}

TEST_CASE("who waits for a turn longer than the patience gets the money back") {
  const Claim claim = decide(paid_claim(), in_line(), start).claim;
  const Time over = start + Policy().generator_patience + Duration(1);
  const Decision end = decide(claim, in_line(), over);
  CHECK(end.claim.units[0].state == UnitState::failed);
  CHECK(end.claim.units[0].reason == "its turn at the generator did not come within 1440 min");
  CHECK_FALSE(is_queued(end.claim.units[0]));
}

TEST_CASE("an order that is woken asks at once, for one of its videos") {
  Claim claim = decide(paid_claim(3), in_line(0), start).claim;
  claim = decide(claim, in_line(1), start).claim;
  claim = decide(claim, in_line(2), start).claim;
  const Time soon = start + std::chrono::seconds(1);
  const Decision woken = decide(claim, Woken(), soon);
  CHECK(woken.action.kind == ActionKind::prepare);
  CHECK(woken.action.unit == 0);
  const Decision again = decide(woken.claim, in_line(0), soon);
  CHECK(again.action.kind == ActionKind::park);
  CHECK_FALSE(again.commit);
  // What another step stores of the wait does not hold up the next pass.
  CHECK(decide(again.claim, Woken(), soon).action.kind == ActionKind::prepare);
}

TEST_CASE("outage and line follow each other") {
  const Submitted paused{.result = SubmitResult::paused, .retry_after = std::chrono::seconds(30)};
  Claim claim = decide(paid_claim(), paused, start).claim;
  CHECK(view_of(claim).notice == SessionNotice::generator_away);
  claim = decide(claim, in_line(), start).claim;
  CHECK(view_of(claim).notice == SessionNotice::queued);
  claim = decide(claim, paused, start).claim;
  CHECK(view_of(claim).notice == SessionNotice::generator_away);
}

TEST_CASE("what the generator accepts stands in line no more") {
  Claim claim = decide(paid_claim(), in_line(), start).claim;
  claim = decide(claim, prepared(), start).claim;
  CHECK(view_of(claim).notice == SessionNotice::queued);  // until it is known to be accepted
  claim = decide(claim, submitted(SubmitResult::accepted), start).claim;
  CHECK_FALSE(is_queued(claim.units[0]));
  CHECK_FALSE(view_of(claim).notice.has_value());
}

}  // namespace
}  // namespace claimcheck::test
