// What is told of an order: each transition once, under an id of its own, and nothing of what ended
// before anybody wanted to know.
#include "domain/notification.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

#include <set>

namespace claimcheck::test {

namespace {

using std::chrono::days;

Claim claim_of(OrderState state, std::vector<UnitState> units) {
  Claim claim = paid_claim(units.size());
  claim.state = state;
  for (std::size_t i = 0; i < units.size(); ++i) claim.units[i].state = units[i];
  return claim;
}

std::string items_of(const DueNotifications& due) {
  std::string text;
  for (const Notification& item : due.items) {
    text += (text.empty() ? "" : " ") + notification_type(item.kind) + "." +
            std::to_string(item.ordinal);
  }
  return text;
}

// What is told of it next, and notes that.
std::string next(Claim& claim, OrderState state, std::vector<UnitState> units) {
  const std::string told = claim.notified;
  claim = claim_of(state, std::move(units));
  claim.notified = told;
  const DueNotifications due = due_notifications(claim, start);
  claim.notified = due.notified;
  CHECK(due_notifications(claim, start).items.empty());
  return items_of(due);
}

constexpr auto delivered = UnitState::delivered;
constexpr auto going_back = UnitState::refunding;
constexpr auto back = UnitState::refunded;

}  // namespace

TEST_CASE("news: what an order that is not over tells is nothing") {
  for (const OrderState state : {OrderState::open, OrderState::paid, OrderState::expired}) {
    const Claim claim = claim_of(state, {UnitState::waiting, delivered});
    CHECK(due_notifications(claim, start).items.empty());
    CHECK(due_notifications(claim, start).notified == "");
  }
}

TEST_CASE("news: the way back to an expired checkout, once, where the buyer wants to hear of it") {
  Claim claim = claim_of(OrderState::expired, {UnitState::waiting});
  claim.recoverable = true;
  const DueNotifications due = due_notifications(claim, start);
  CHECK(items_of(due) == "order.abandoned.1");
  claim.notified = due.notified;
  CHECK(due_notifications(claim, start).items.empty());
  claim.state = OrderState::open;
  CHECK(due_notifications(claim, start).items.empty());
  claim.state = OrderState::expired;
  CHECK(due_notifications(claim, start).items.empty());
}

TEST_CASE("news: delivered when every outcome is known, refunded when the money is back") {
  Claim claim;
  CHECK(next(claim, OrderState::paid, {delivered, UnitState::running}) == "");
  CHECK(next(claim, OrderState::paid, {delivered, UnitState::failed}) == "");
  CHECK(next(claim, OrderState::paid, {delivered, going_back}) == "order.delivered.1");
  CHECK(next(claim, OrderState::done, {delivered, back}) == "order.refunded.1");
  CHECK(claim.notified == "delivered.1 refunded.1");
}

TEST_CASE("news: failed when nothing could be made, or the payment failed") {
  Claim claim;
  CHECK(next(claim, OrderState::paid, {back, going_back}) == "order.failed.1");
  CHECK(next(claim, OrderState::done, {back, back}) == "order.refunded.1");
  Claim unpaid;
  CHECK(next(unpaid, OrderState::unpaid, {UnitState::waiting}) == "order.failed.1");
  Claim free = claim_of(OrderState::done, {back});
  free.amount_minor = 0;
  CHECK(items_of(due_notifications(free, start)) == "order.failed.1");  // nothing was paid
}

TEST_CASE("news: delayed when it has waited ten minutes for the generator, again after the next") {
  Claim claim = paid_claim();
  claim.units[0].away_us = to_us(start);
  const Time late = start + delayed_after;
  CHECK(due_notifications(claim, late - Duration(1)).items.empty());
  const DueNotifications due = due_notifications(claim, late);
  CHECK(items_of(due) == "order.delayed.1");
  claim.notified = due.notified;
  CHECK(still_notified(claim) == "delayed.1");
  CHECK(due_notifications(claim, late + days(1)).items.empty());
  claim.units[0].away_us = 0;
  claim.notified = due_notifications(claim, late).notified;
  CHECK(claim.notified == "delayed.1-");
  claim.units[0].away_us = to_us(late);
  CHECK(items_of(due_notifications(claim, late + delayed_after)) == "order.delayed.2");
}

TEST_CASE("news: held, released and held again are two; a refund that came back is told again") {
  Claim claim;
  CHECK(next(claim, OrderState::held, {UnitState::held}) == "order.held.1");
  CHECK(next(claim, OrderState::paid, {UnitState::failed}) == "");
  CHECK(claim.notified == "held.1-");
  CHECK(next(claim, OrderState::held, {UnitState::held}) == "order.held.2");
  CHECK(next(claim, OrderState::done, {back}) == "order.failed.1 order.refunded.1");
  CHECK(next(claim, OrderState::held, {UnitState::held}) == "order.held.3");
  CHECK(next(claim, OrderState::done, {back}) == "order.refunded.2");
  CHECK(claim.notified == "failed.1 refunded.2 held.3-");
}

TEST_CASE("news: what a newer release has told of is kept, and what is odd told of nothing twice") {
  Claim claim = claim_of(OrderState::done, {delivered});
  claim.notified = "seen.1 delivered.1 held.x delivered";
  CHECK(due_notifications(claim, start).items.empty());
  CHECK(due_notifications(claim, start).notified == "delivered.1 seen.1 held.x delivered");
}

TEST_CASE("news: of what ended before anybody wanted to know nothing is told") {
  Claim claim = claim_of(OrderState::done, {delivered});
  CHECK(due_notifications(claim, start + days(14)).items.size() == 1);
  CHECK(due_notifications(claim, start + days(14) + Duration(1)).items.empty());
  CHECK(due_notifications(claim, start + days(15)).notified == "");
  claim.notified = "held.1";  // but what was begun goes on
  CHECK(items_of(due_notifications(claim, start + days(40))) == "order.delivered.1");
  Claim unpaid = claim_of(OrderState::unpaid, {UnitState::waiting});
  unpaid.paid_us = 0;
  CHECK(due_notifications(unpaid, start + days(13)).items.size() == 1);
  CHECK(due_notifications(unpaid, start + days(15)).items.empty());
}

TEST_CASE("news: an order that took long has not ended long ago") {
  Claim delayed = claim_of(OrderState::unpaid, {UnitState::waiting});
  delayed.paid_us = 0;
  delayed.payment_read_us = to_us(start + days(20));  // a debit that failed then
  CHECK(items_of(due_notifications(delayed, start + days(20))) == "order.failed.1");
  Claim decided = claim_of(OrderState::done, {back});  // held for 20 days, and never told of
  decided.units[0].operator_decided_us = to_us(start + days(20));
  CHECK(items_of(due_notifications(decided, start + days(20))) ==
        "order.failed.1 order.refunded.1");
}

TEST_CASE("news: what a person takes an order out of is noted as over") {
  Claim claim = claim_of(OrderState::held, {UnitState::held});
  claim.notified = "delivered.1 held.2 refunded.1- seen.1";
  CHECK(still_notified(claim) == "delivered.1 refunded.1- held.2 seen.1");
  claim.state = OrderState::paid;
  CHECK(still_notified(claim) == "delivered.1 refunded.1- held.2- seen.1");
  claim.notified = "";
  CHECK(still_notified(claim) == "");
}

TEST_CASE("news: every transition has an id of its own, always the same") {
  std::set<std::string> ids;
  for (const char* session : {"cs_test_1", "cs_test_2"}) {
    for (const NotificationKind news : {NotificationKind::delivered, NotificationKind::failed,
                                        NotificationKind::refunded, NotificationKind::held}) {
      for (const std::int64_t ordinal : {1, 2, 12})
        ids.insert(notification_id(session, {news, ordinal}));
    }
  }
  CHECK(ids.size() == 24);
  CHECK(notification_id("cs_test_1", {NotificationKind::delivered, 1}) ==
        "msg_ce7cf24c1d0de55e2ed88d9c8f94b37e");
}

}  // namespace claimcheck::test
