// Money in the counts: each sale, each refund and each cost once, by currency and price, and by
// currency and tool.
#include "flow/money_counts.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck::test {
namespace {

using Sums = std::map<std::string, std::int64_t>;

struct MoneyWorld : OrderWorld {
  Catalog prices;
  Context of_prices{store, stripe, generators, run.clock, metrics, prices, Policy()};

  MoneyWorld() {
    for (int i = 0; i < 30; ++i) prices.prices.push_back({.id = fmt::format("price_{}", i)});
  }
  Sums sums(Counter counter = Counter::money) const { return metrics.totals(counter); }
  void change(const Claim& before, const Claim& after) { count_money(of_prices, before, after); }
};

Claim of_two(std::string price) {
  Claim claim;
  claim.price = std::move(price);
  claim.amount_minor = 1901;
  claim.currency = "usd";
  claim.units.resize(2);
  return claim;
}

TEST_CASE("money counts: a sale is counted once, when its claim turns paid, with what was paid") {
  MoneyWorld world;
  const Claim open = of_two("price_1");
  Claim paid = open;
  paid.state = OrderState::paid;
  paid.paid_us = 7;
  paid.amount_minor = 1500;  // a coupon
  world.change(open, paid);
  CHECK(world.sums() == Sums{{"sold:usd:price_1", 1500}});
  // Held, and paid again after a person's retry: it is the same sale.
  Claim held = paid;
  held.state = OrderState::held;
  world.change(paid, held);
  world.change(held, paid);
  CHECK(world.sums() == Sums{{"sold:usd:price_1", 1500}});
}

TEST_CASE("money counts: a refund is counted when it is confirmed, whoever made it") {
  MoneyWorld world;
  Claim paid = of_two("price_1");
  paid.paid_us = 7;
  Claim refunding = paid;
  refunding.units[0].state = UnitState::refunding;
  refunding.units[0].refund = "re_1";
  world.change(paid, refunding);
  CHECK(world.sums().empty());
  Claim refunded = refunding;
  refunded.units[0].state = UnitState::refunded;
  world.change(refunding, refunded);
  CHECK(world.sums() == Sums{{"refunded:usd:price_1", 951}});
  world.change(refunded, refunded);
  // In Stripe's Dashboard: the sum, and not the video that it closes as well.
  Claim elsewhere = refunded;
  elsewhere.refunded_elsewhere_minor = 950;
  elsewhere.units[1].state = UnitState::refunded;
  world.change(refunded, elsewhere);
  CHECK(world.sums() == Sums{{"refunded:usd:price_1", 1901}});
}

TEST_CASE("money counts: currencies stay apart, and prices beyond the first ones are one") {
  MoneyWorld world;
  Claim yen = of_two("price_1");
  yen.currency = "jpy";
  count_sale(world.of_prices, yen);
  count_sale(world.of_prices, of_two("price_19"));
  count_sale(world.of_prices, of_two("price_20"));
  count_sale(world.of_prices, of_two("price_gone"));
  CHECK(world.sums() == Sums{{"sold:jpy:price_1", 1901},
                             {"sold:usd:price_19", 1901},
                             {"sold:usd:other", 2 * 1901}});
  Claim unpaid = of_two("price_1");
  unpaid.currency.clear();
  count_sale(world.of_prices, unpaid);
  CHECK(world.sums().size() == 3);
}

TEST_CASE("money counts: the same money by tool, also of one that is not configured any more") {
  MoneyWorld world;
  world.prices.tools = {{.slug = "cat-video"}};
  Claim known = of_two("price_1");
  known.tool = "cat-video";
  known.sold_as = "my-cats";  // the shop's own name for it
  Claim open = known;
  known.paid_us = 7;
  known.units[0].cost = "usd 1200000";
  world.change(open, known);
  Claim refunded = known;
  refunded.units[0].state = UnitState::refunded;
  refunded.units[0].refund = "re_1";
  refunded.units[0].cost = "usd 1500000";
  world.change(known, refunded);
  Claim gone = of_two("price_1");
  gone.tool = "sold-last-year";
  count_sale(world.of_prices, gone);
  CHECK(world.sums(Counter::tool_money) == Sums{{"sold:usd:cat-video", 1901},
                                                {"refunded:usd:cat-video", 951},
                                                {"sold:usd:other", 1901}});
  CHECK(world.sums(Counter::provider_cost) == Sums{{"usd:price_1", 1'500'000}});
  CHECK(world.sums(Counter::tool_cost) == Sums{{"usd:cat-video", 1'500'000}});
}

}  // namespace
}  // namespace claimcheck::test
