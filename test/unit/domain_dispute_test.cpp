// A bank asks about a payment, or takes it back: what the order machine keeps of it and does.
#include "domain/notification.hpp"
#include "domain/order_totals.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

Claim delivered_claim() {
  const Registered registered{.unit = 0, .outcome = Outcome::deliver};
  return decide(ready_claim(), registered, start).claim;
}

Claim disputed_claim(const std::string& status = "needs_response") {
  return decide(delivered_claim(), DisputesSeen{{a_dispute(status)}}, start).claim;
}

PaymentSeen disputed_payment() {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.disputed = true;
  payment.registered = {Outcome::deliver};
  return payment;
}

}  // namespace

TEST_CASE("dispute: a wake at a delivered order reads its disputes, whatever the charge says") {
  PaymentSeen payment = seen(PaymentState::paid);
  payment.registered = {Outcome::deliver};
  CHECK(decide(delivered_claim(), payment, start).action.kind == ActionKind::list_disputes);
  payment.disputed = true;
  CHECK(decide(delivered_claim(), payment, start).action.kind == ActionKind::list_disputes);
}

TEST_CASE("dispute: it is kept with a line of history, and the order stays delivered") {
  const Decision decision = decide(delivered_claim(), DisputesSeen{{a_dispute()}}, start);
  CHECK(decision.commit);
  CHECK(decision.claim.state == OrderState::done);
  CHECK(decision.claim.dispute == a_dispute());
  REQUIRE(decision.moves.size() == 1);
  CHECK(decision.moves[0].why ==
        "1900 usd are disputed: fraudulent (needs_response); an answer is due by "
        "2026-10-01T14:13:20.000Z");
  CHECK(decision.action.kind == ActionKind::finish);
}

TEST_CASE("dispute: what is known already is not stored again, and an empty list forgets nothing") {
  const Claim claim = disputed_claim();
  CHECK_FALSE(decide(claim, DisputesSeen{{a_dispute()}}, start).commit);
  const Decision empty = decide(claim, DisputesSeen(), start);
  CHECK_FALSE(empty.commit);
  CHECK(empty.claim.dispute == a_dispute());
}

TEST_CASE("dispute: of several the one counts that waits for an answer, then what is not over") {
  Dispute lost = a_dispute("lost");
  lost.id = "du_2";
  lost.created_us = a_dispute().created_us + 1;
  Dispute reviewed = a_dispute("under_review");
  reviewed.id = "du_3";
  CHECK(most_pressing({lost, a_dispute(), reviewed}).id == "du_1");
  CHECK(most_pressing({lost, reviewed}).id == "du_3");
  CHECK(most_pressing({lost}).id == "du_2");
  CHECK(most_pressing({}).id.empty());
}

TEST_CASE("dispute: no answer is asked for again, unless the key has no right to it") {
  const Decision again = decide(delivered_claim(), DisputesUnclear(), start);
  CHECK(again.action.kind == ActionKind::park);
  CHECK(again.action.delay == Policy().refused_max);
  const Decision never = decide(delivered_claim(), DisputesUnclear{.refused = true}, start);
  CHECK(never.action.kind == ActionKind::finish);
}

TEST_CASE("dispute: an order in work is held, and the dispute is read at once") {
  const Decision decision = decide(paid_claim(), disputed_payment(), start);
  CHECK(decision.claim.state == OrderState::held);
  CHECK(decision.commit);
  CHECK(decision.action.kind == ActionKind::list_disputes);
  RefundsSeen with_refunds = refunds({}, 0);
  with_refunds.payment.disputed = true;
  const Decision refunding = decide(refunding_claim(), with_refunds, start);
  CHECK(refunding.claim.state == OrderState::held);
  CHECK(refunding.action.kind == ActionKind::list_disputes);
}

TEST_CASE(
    "dispute: one that the shop has won stands against nothing, although the charge says so") {
  Claim claim = paid_claim();
  claim.dispute = a_dispute("lost");
  CHECK(decide(claim, disputed_payment(), start).claim.state == OrderState::held);
  for (const char* status : {"won", "warning_closed", "prevented"}) {
    claim.dispute = a_dispute(status);
    CHECK(decide(claim, disputed_payment(), start).claim.state == OrderState::paid);
  }
}

TEST_CASE("dispute: the shop is told while an answer is due, also long after, and of each") {
  Claim claim = disputed_claim();
  claim.notified = "delivered.1";
  DueNotifications due = due_notifications(claim, start);
  CHECK(due.items == std::vector<Notification>{{.kind = NotificationKind::disputed, .ordinal = 1}});
  CHECK(due.notified == "delivered.1 disputed.1");
  claim.notified = "";
  const Time late = start + std::chrono::days(100);
  due = due_notifications(claim, late);
  CHECK(due.items == std::vector<Notification>{{.kind = NotificationKind::disputed, .ordinal = 1}});
  claim.notified = due.notified;
  CHECK(due_notifications(claim, late).items.empty());
  claim.dispute.status = "under_review";
  claim.notified = due_notifications(claim, late).notified;
  CHECK(claim.notified == "disputed.1-");
  claim.dispute.status = "needs_response";
  CHECK(due_notifications(claim, late).notified == "disputed.2");
}

TEST_CASE("dispute: the books have what a bank wants back or has, not what the shop has won") {
  CHECK(totals_of(delivered_claim()).disputed == 0);
  CHECK(totals_of(disputed_claim()).disputed == 1900);
  CHECK(totals_of(disputed_claim("lost")).disputed == 1900);
  CHECK(totals_of(disputed_claim("won")).disputed == 0);
  CHECK(totals_of(disputed_claim()).delivered == 1900);
}

TEST_CASE("dispute: when a video was delivered stays known") {
  CHECK(delivered_claim().units[0].delivered_us == to_us(start));
}

}  // namespace claimcheck::test
