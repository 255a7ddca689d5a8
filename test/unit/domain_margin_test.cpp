// What an order has earned and what its jobs cost, by currency.
#include "domain/margin.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

Claim with_costs(std::vector<std::string> costs) {
  Claim claim = paid_claim(costs.size());
  for (std::size_t i = 0; i < costs.size(); ++i) claim.units[i].cost = costs[i];
  return claim;
}

TEST_CASE("margin: costs of all videos are added by currency, and stand against what was kept") {
  const Claim claim = with_costs({"usd 150000", "usd 1050000, credits 24000000"});
  const std::vector<Margin> margins = margins_of(claim);
  REQUIRE(margins.size() == 2);
  CHECK(margins[0].currency == "usd");
  CHECK(margins[0].revenue == 19'000'000);
  CHECK(margins[0].cost == 1'200'000);
  CHECK(margins[0].left() == 17'800'000);
  CHECK(margins[1].currency == "credits");
  CHECK(margins[1].left() == -24'000'000);
  CHECK(margin_words(claim) ==
        "earned 19.00 USD, generators 1.20 USD, left 17.80 USD; "
        "earned 0 credits, generators 24 credits, left -24 credits");
}

TEST_CASE("margin: what was refunded is not earned, and its job has cost all the same") {
  Claim claim = with_costs({"usd 150000", ""});
  claim.units[1].state = UnitState::refunded;
  claim.units[1].refund = "re_1";
  CHECK(margins_of(claim).front().revenue == 9'500'000);
  claim.refunded_elsewhere_minor = 100;
  CHECK(margins_of(claim).front().revenue == 8'500'000);
}

TEST_CASE("margin: another currency is another row, and nothing is said where no cost is known") {
  Claim claim = with_costs({"usd 150000"});
  claim.currency = "jpy";
  CHECK(margin_words(claim) ==
        "earned 1900 JPY, generators 0 JPY, left 1900 JPY; "
        "earned 0.00 USD, generators 0.15 USD, left -0.15 USD");
  CHECK(margin_words(with_costs({""})).empty());
  CHECK(margins_of(open_claim()).empty());
}

}  // namespace
}  // namespace claimcheck::test
