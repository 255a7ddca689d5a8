// What is told of an order: each transition once, under an id of its own, and nothing of what ended
// before anybody wanted to know.
#include "domain/news.hpp"
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

std::string items_of(const Telling& telling) {
  std::string text;
  for (const NewsItem& item : telling.items) {
    text += (text.empty() ? "" : " ") + news_type(item.news) + "." + std::to_string(item.ordinal);
  }
  return text;
}

// What is told of it next, and notes that.
std::string next(Claim& claim, OrderState state, std::vector<UnitState> units) {
  const std::string told = claim.told;
  claim = claim_of(state, std::move(units));
  claim.told = told;
  const Telling telling = to_tell(claim, start);
  claim.told = telling.told;
  CHECK(to_tell(claim, start).items.empty());
  return items_of(telling);
}

constexpr auto delivered = UnitState::delivered;
constexpr auto going_back = UnitState::refunding;
constexpr auto back = UnitState::refunded;

}  // namespace

TEST_CASE("news: what an order that is not over tells is nothing") {
  for (const OrderState state : {OrderState::open, OrderState::paid, OrderState::expired}) {
    const Claim claim = claim_of(state, {UnitState::waiting, delivered});
    CHECK(to_tell(claim, start).items.empty());
    CHECK(to_tell(claim, start).told == "");
  }
}

TEST_CASE("news: delivered when every outcome is known, refunded when the money is back") {
  Claim claim;
  CHECK(next(claim, OrderState::paid, {delivered, UnitState::running}) == "");
  CHECK(next(claim, OrderState::paid, {delivered, UnitState::failed}) == "");
  CHECK(next(claim, OrderState::paid, {delivered, going_back}) == "order.delivered.1");
  CHECK(next(claim, OrderState::done, {delivered, back}) == "order.refunded.1");
  CHECK(claim.told == "delivered.1 refunded.1");
}

TEST_CASE("news: failed when nothing could be made, or the payment failed") {
  Claim claim;
  CHECK(next(claim, OrderState::paid, {back, going_back}) == "order.failed.1");
  CHECK(next(claim, OrderState::done, {back, back}) == "order.refunded.1");
  Claim unpaid;
  CHECK(next(unpaid, OrderState::unpaid, {UnitState::waiting}) == "order.failed.1");
  Claim free = claim_of(OrderState::done, {back});
  free.amount_minor = 0;
  CHECK(items_of(to_tell(free, start)) == "order.failed.1");  // nothing was paid
}

TEST_CASE("news: delayed when it has waited ten minutes for the generator, again after the next") {
  Claim claim = paid_claim();
  claim.units[0].away_us = to_us(start);
  const Time late = start + delayed_after;
  CHECK(to_tell(claim, late - Duration(1)).items.empty());
  const Telling telling = to_tell(claim, late);
  CHECK(items_of(telling) == "order.delayed.1");
  claim.told = telling.told;
  CHECK(still_told(claim) == "delayed.1");
  CHECK(to_tell(claim, late + days(1)).items.empty());
  claim.units[0].away_us = 0;
  claim.told = to_tell(claim, late).told;
  CHECK(claim.told == "delayed.1-");
  claim.units[0].away_us = to_us(late);
  CHECK(items_of(to_tell(claim, late + delayed_after)) == "order.delayed.2");
}

TEST_CASE("news: held, released and held again are two; a refund that came back is told again") {
  Claim claim;
  CHECK(next(claim, OrderState::held, {UnitState::held}) == "order.held.1");
  CHECK(next(claim, OrderState::paid, {UnitState::failed}) == "");
  CHECK(claim.told == "held.1-");
  CHECK(next(claim, OrderState::held, {UnitState::held}) == "order.held.2");
  CHECK(next(claim, OrderState::done, {back}) == "order.failed.1 order.refunded.1");
  CHECK(next(claim, OrderState::held, {UnitState::held}) == "order.held.3");
  CHECK(next(claim, OrderState::done, {back}) == "order.refunded.2");
  CHECK(claim.told == "failed.1 refunded.2 held.3-");
}

TEST_CASE("news: what a newer release has told of is kept, and what is odd told of nothing twice") {
  Claim claim = claim_of(OrderState::done, {delivered});
  claim.told = "seen.1 delivered.1 held.x delivered";
  CHECK(to_tell(claim, start).items.empty());
  CHECK(to_tell(claim, start).told == "delivered.1 seen.1 held.x delivered");
}

TEST_CASE("news: of what ended before anybody wanted to know nothing is told") {
  Claim claim = claim_of(OrderState::done, {delivered});
  CHECK(to_tell(claim, start + days(14)).items.size() == 1);
  CHECK(to_tell(claim, start + days(14) + Duration(1)).items.empty());
  CHECK(to_tell(claim, start + days(15)).told == "");
  claim.told = "held.1";  // but what was begun goes on
  CHECK(items_of(to_tell(claim, start + days(40))) == "order.delivered.1");
  Claim unpaid = claim_of(OrderState::unpaid, {UnitState::waiting});
  unpaid.paid_us = 0;
  CHECK(to_tell(unpaid, start + days(13)).items.size() == 1);
  CHECK(to_tell(unpaid, start + days(15)).items.empty());
}

TEST_CASE("news: an order that took long has not ended long ago") {
  Claim delayed = claim_of(OrderState::unpaid, {UnitState::waiting});
  delayed.paid_us = 0;
  delayed.looked_us = to_us(start + days(20));  // a debit that failed then
  CHECK(items_of(to_tell(delayed, start + days(20))) == "order.failed.1");
  Claim decided = claim_of(OrderState::done, {back});  // held for 20 days, and never told of
  decided.units[0].by_hand_us = to_us(start + days(20));
  CHECK(items_of(to_tell(decided, start + days(20))) == "order.failed.1 order.refunded.1");
}

TEST_CASE("news: what a person takes an order out of is noted as over") {
  Claim claim = claim_of(OrderState::held, {UnitState::held});
  claim.told = "delivered.1 held.2 refunded.1- seen.1";
  CHECK(still_told(claim) == "delivered.1 refunded.1- held.2 seen.1");
  claim.state = OrderState::paid;
  CHECK(still_told(claim) == "delivered.1 refunded.1- held.2- seen.1");
  claim.told = "";
  CHECK(still_told(claim) == "");
}

TEST_CASE("news: every transition has an id of its own, always the same") {
  std::set<std::string> ids;
  for (const char* session : {"cs_test_1", "cs_test_2"}) {
    for (const News news : {News::delivered, News::failed, News::refunded, News::held}) {
      for (const std::int64_t ordinal : {1, 2, 12}) ids.insert(news_id(session, {news, ordinal}));
    }
  }
  CHECK(ids.size() == 24);
  CHECK(news_id("cs_test_1", {News::delivered, 1}) == "msg_ce7cf24c1d0de55e2ed88d9c8f94b37e");
}

}  // namespace claimcheck::test
