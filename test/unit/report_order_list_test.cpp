// Lists and search on the memory store: filters, places to go on from, the order of a text search;
// and an order in words.
#include "domain/names.hpp"
#include "report/order_rows.hpp"
#include "report/order_words.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const ShopFace no_face;

std::string id_of(int number) { return fmt::format("cs_test_{:04}", number); }

// Remembered orders, each newer than the one before; every tenth is held.
void fill(OrderWorld& world, int count) {
  for (int i = 0; i < count; ++i) {
    NewOrder order = new_order(id_of(i), std::nullopt);
    const Time created = from_unix_s(1'790'000'000 + i);
    order.claim.created_us = to_us(created);
    order.claim.state = i % 10 == 0 ? OrderState::held : OrderState::paid;
    order.claim.units[0].reason = i == 1 ? "A Strange Error" : "";
    if (i % 10 == 0)
      good(world.run(
          world.store.lists->enlist(OrderList::held, order.session_id, created, IfListed::anew)));
    REQUIRE(good(world.run(world.store.orders->create(std::move(order)))));
    good(world.run(world.store.lists->remember(id_of(i), created)));
  }
}

TEST_CASE("order list: a request reads its share and says where to go on") {
  OrderWorld world;
  fill(world, 1205);
  OrderSearch search(world.context, no_face);
  const OrderPage first = good(world.run(search.find("strange error", "")));
  CHECK(first.orders.empty());
  CHECK(first.searched == claims_per_request);
  const OrderPage second = good(world.run(search.find("strange error", first.next)));
  CHECK(second.searched == claims_per_request);
  const OrderPage third = good(world.run(search.find("strange error", second.next)));
  REQUIRE(third.orders.size() == 1);
  CHECK(third.orders[0].session_id == id_of(1));
  CHECK(third.next.empty());
  CHECK(first.searched + second.searched + third.searched == 121 + 1205);
}

TEST_CASE("order list: pages hold what fits the filter, each order once") {
  OrderWorld world;
  fill(world, 130);
  OrderSearch search(world.context, no_face);
  for (const auto& [filter, expected] :
       std::vector<std::pair<OrderFilter, std::size_t>>{{OrderFilter::held, 13},
                                                        {OrderFilter::working, 117},
                                                        {OrderFilter::unpaid, 0},
                                                        {OrderFilter::all, 130}}) {
    CAPTURE(name_of(filter));
    std::vector<std::string> seen;
    std::string before;
    do {
      const OrderPage page = good(world.run(search.list(filter, before, 7)));
      CHECK(page.orders.size() <= 7);
      for (const ShownOrder& order : page.orders) seen.push_back(order.session_id);
      before = page.next;
    } while (!before.empty());
    CHECK(seen.size() == expected);
    const bool oldest_first = filter == OrderFilter::held;
    CHECK(std::ranges::is_sorted(seen) == (oldest_first || expected == 0));
    CHECK(std::ranges::adjacent_find(seen) == seen.end());
  }
}

TEST_CASE("order list: a place that was not given out is refused") {
  OrderWorld world;
  OrderSearch search(world.context, no_face);
  for (const char* odd : {"x", "r", "x.1.cs_test_a", "r.y.cs_test_a", "r.1", "r.1.", "r.1.other"}) {
    CAPTURE(std::string(odd));
    CHECK(world.run(search.list(OrderFilter::all, odd, 9)).error().code == Errc::invalid);
  }
  CHECK(world.run(search.list(OrderFilter::all, "h.1.cs_test_a", 9)).error().code == Errc::invalid);
  CHECK(world.run(search.list(OrderFilter::all, "r.1.cs_test_a", 9)).has_value());
}

TEST_CASE("order list: what cannot be read is listed, with the reason") {
  const Error newer{Errc::unreadable, "its schema is newer"};
  const ShownOrder order{.session_id = "cs_test_a",
                         .claim = std::unexpected(newer),
                         .held_since = from_unix_s(1'790'000'000)};
  CHECK(json::print(row_of(order)) == R"({"id":"cs_test_a","heldSince":"2026-09-21T14:13:20.000Z",)"
                                      R"("problem":"its schema is newer"})");
}

TEST_CASE("order list: a payment that only Stripe could know is told as such") {
  OrderWorld world;
  OrderSearch search(world.context, no_face);
  world.http.answers = {fail(Errc::unavailable, "no route")};
  const OrderPage page = good(world.run(search.find("pi_unknown", "")));
  CHECK(page.orders.empty());
  CHECK(page.note.starts_with("Stripe could not be asked"));
}

TEST_CASE("order words: every state has words, and says when it is looked at again") {
  Claim claim;
  claim.units.resize(1);
  claim.units[0].reason = "a reason";
  for (const OrderState state : {OrderState::open, OrderState::paid, OrderState::done,
                                 OrderState::expired, OrderState::unpaid, OrderState::held}) {
    for (int unit = 0; unit <= static_cast<int>(UnitState::held); ++unit) {
      claim.state = state;
      claim.units[0].state = static_cast<UnitState>(unit);
      const auto words = words_of(claim, from_unix_s(1'790'000'000), false);
      REQUIRE(words.size() >= 2);
      for (const std::string& sentence : words) CHECK(sentence.ends_with('.'));
      CHECK(words.back() == "The next look at it is at 2026-09-21T14:13:20.000Z.");
    }
  }
  for (const std::string& said : words_of(claim, std::nullopt, false)) {
    CHECK_FALSE(said.starts_with("The next look"));
  }
}

TEST_CASE("order words: money that waits for the breaker is not said to go back") {
  Claim claim;
  claim.state = OrderState::paid;
  claim.units.resize(1);
  claim.units[0].state = UnitState::failed;
  const auto said = [&claim](bool stopped) { return words_of(claim, std::nullopt, stopped)[1]; };
  CHECK(said(false).contains("its money goes back"));
  CHECK(said(true).contains("waits until automatic refunds may go on"));
  CHECK_FALSE(said(true).contains("goes back"));
  claim.units[0].operator_decided_us = 1;  // a person has decided: nothing is in front of it
  CHECK(said(true).contains("its money goes back"));
}

TEST_CASE("order words: links lead to the mode that the order was paid in") {
  Claim claim;
  claim.payment_intent = "pi_1";
  claim.units.resize(1);
  claim.units[0].refund = "re_1";
  const auto test = dashboard_links("cs_test_a", claim);
  REQUIRE(test.size() == 3);
  CHECK(test[0].url == "https://dashboard.stripe.com/test/payments/pi_1");
  CHECK(test[2].url == "https://dashboard.stripe.com/test/refunds/re_1");
  claim.livemode = true;
  CHECK(dashboard_links("cs_live_a", claim)[0].url == "https://dashboard.stripe.com/payments/pi_1");
}

}  // namespace
}  // namespace claimcheck::test
