#include "flow/money_counts.hpp"

#include "domain/margin.hpp"
#include "domain/order_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <string_view>

namespace claimcheck {

namespace {

// The same in all processes, since it depends on the configuration alone.
std::string_view counted_name(const auto& configured, auto member, std::string_view name) {
  const auto counted = std::views::take(configured, counted_names_max);
  return std::ranges::find(counted, name, member) == counted.end() ? "other" : name;
}

std::string_view product_of(const Context& context, const Claim& claim) {
  return counted_name(context.catalog.prices, &Price::id, claim.price);
}

// The configured tool: the shop's own names for it are without number.
std::string_view tool_of(const Context& context, const Claim& claim) {
  return counted_name(context.catalog.tools, &Tool::slug, claim.tool);
}

void count(const Context& context, std::string_view what, const Claim& claim, std::int64_t amount) {
  if (amount <= 0 || claim.currency.empty()) return;
  const auto label = [&](std::string_view name) {
    return fmt::format("{}:{}:{}", what, claim.currency, name);
  };
  context.metrics.add(Counter::money, label(product_of(context, claim)), amount);
  context.metrics.add(Counter::tool_money, label(tool_of(context, claim)), amount);
}

bool newly_refunded(const Unit& before, const Unit& after) {
  return before.state != UnitState::refunded && after.state == UnitState::refunded;
}

// A claim keeps the sums, so what was added to them is the difference.
void count_costs(const Context& context, const Claim& before, const Claim& after) {
  const std::vector<ProviderCost> known = costs_of(before);
  for (const ProviderCost& cost : costs_of(after)) {
    const auto was = std::ranges::find(known, cost.currency, &ProviderCost::currency);
    const std::int64_t more = cost.micros - (was == known.end() ? 0 : was->micros);
    if (more <= 0) continue;
    const auto label = [&cost](std::string_view name) {
      return fmt::format("{}:{}", cost.currency, name);
    };
    context.metrics.add(Counter::provider_cost, label(product_of(context, after)), more);
    context.metrics.add(Counter::tool_cost, label(tool_of(context, after)), more);
  }
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
  count_costs(context, before, after);
}

}  // namespace claimcheck
