#include "domain/margin.hpp"

#include "domain/money.hpp"
#include "domain/order_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace claimcheck {

namespace {

constexpr std::int64_t micros_per_unit = 1'000'000;

std::int64_t micros_of(std::int64_t minor, const std::string& currency) {
  return minor * (micros_per_unit / minor_per_unit(currency));
}

}  // namespace

std::vector<ProviderCost> costs_of(const Claim& claim) {
  std::string all;
  for (const Unit& unit : claim.units) {
    for (const ProviderCost& cost : costs_in(unit.cost)) all = with_cost(all, cost);
  }
  return costs_in(all);
}

std::vector<Margin> margins_of(const Claim& claim) {
  if (!was_paid(claim)) return {};
  const std::int64_t kept = claim.amount_minor - totals_of(claim).refunded;
  std::vector<Margin> margins = {
      {.currency = claim.currency, .revenue = micros_of(kept, claim.currency)}};
  for (const ProviderCost& cost : costs_of(claim)) {
    add_margin(margins, {.currency = cost.currency, .cost = cost.micros});
  }
  return margins;
}

std::string margin_words(const Claim& claim) {
  std::string words;
  if (costs_of(claim).empty()) return words;
  for (const Margin& each : margins_of(claim)) {
    const auto text = [&each](std::int64_t micros) { return micros_text(micros, each.currency); };
    words += fmt::format("{}earned {}, generators {}, left {}", words.empty() ? "" : "; ",
                         text(each.revenue), text(each.cost), text(each.left()));
  }
  return words;
}

void add_margin(std::vector<Margin>& margins, const Margin& more) {
  auto row = std::ranges::find(margins, more.currency, &Margin::currency);
  if (row == margins.end()) row = margins.insert(row, {.currency = more.currency});
  row->revenue += more.revenue;
  row->cost += more.cost;
}

std::string micros_text(std::int64_t micros, const std::string& currency) {
  constexpr std::size_t code_letters = 3;
  if (currency.size() != code_letters) {  // a provider's own credits
    return fmt::format("{:g} {}", static_cast<double>(micros) / micros_per_unit, currency);
  }
  const std::int64_t minor_micros = micros_per_unit / minor_per_unit(currency);
  const double exact = static_cast<double>(micros) / static_cast<double>(minor_micros);
  const std::int64_t minor = std::llround(exact);
  return money_text({.amount_minor = minor, .currency = currency}, '.');
}

}  // namespace claimcheck
