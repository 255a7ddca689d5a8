// Money in the counts: each sale and each refund once, by currency and price.
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
  Sums sums() const { return metrics.totals(Counter::money); }
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

}  // namespace
}  // namespace claimcheck::test
