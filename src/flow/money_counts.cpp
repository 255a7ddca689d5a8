#include "flow/money_counts.hpp"

#include "domain/order_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace claimcheck {

namespace {

// The same in all processes, since it depends on the configuration alone.
std::string_view product_of(const Context& context, const Claim& claim) {
  const auto& prices = context.catalog.prices;
  const auto counted = std::min(prices.size(), counted_prices_max);
  for (std::size_t i = 0; i < counted; ++i) {
    if (prices[i].id == claim.price) return claim.price;
  }
  return "other";
}

void count(const Context& context, std::string_view what, const Claim& claim, std::int64_t amount) {
  if (amount <= 0 || claim.currency.empty()) return;
  const std::string label =
      fmt::format("{}:{}:{}", what, claim.currency, product_of(context, claim));
  context.metrics.add(Counter::money, label, amount);
}

bool newly_refunded(const Unit& before, const Unit& after) {
  return before.state != UnitState::refunded && after.state == UnitState::refunded;
}

}  // namespace

void count_sale(const Context& context, const Claim& claim) {
  count(context, "sold", claim, claim.amount_minor);
}

void count_money(const Context& context, const Claim& before, const Claim& after) {
  if (!was_paid(before) && was_paid(after)) count_sale(context, after);
  // What persons refund in Stripe's Dashboard is a sum of its own.
  std::int64_t refunded = after.refunded_elsewhere_minor - before.refunded_elsewhere_minor;
  for (std::size_t i = 0; i < after.units.size() && i < before.units.size(); ++i) {
    // A unit that a person has refunded is in the sum above.
    if (!newly_refunded(before.units[i], after.units[i])) continue;
    if (!ended_by_a_person(after.units[i])) refunded += unit_price(after, i);
  }
  count(context, "refunded", after, refunded);
}

}  // namespace claimcheck
