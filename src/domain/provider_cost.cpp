#include "domain/provider_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

std::vector<ProviderCost> costs_in(std::string_view text) {
  std::vector<ProviderCost> costs;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(", "), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    const std::size_t space = part.find(' ');
    if (space == part.npos) continue;
    ProviderCost cost{.micros = 0, .currency = std::string(part.substr(0, space))};
    const std::string_view digits = part.substr(space + 1);
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), cost.micros);
    if (error == std::errc() && stop == digits.data() + digits.size()) costs.push_back(cost);
  }
  return costs;
}

std::string with_cost(std::string_view text, const ProviderCost& more) {
  std::vector<ProviderCost> costs = costs_in(text);
  const auto same = std::ranges::find(costs, more.currency, &ProviderCost::currency);
  if (same == costs.end()) {
    costs.push_back(more);
  } else {
    same->micros += more.micros;
  }
  std::string joined;
  for (const ProviderCost& cost : costs) {
    joined += fmt::format("{}{} {}", joined.empty() ? "" : ", ", cost.currency, cost.micros);
  }
  return joined;
}

std::string cost_words(std::string_view text) {
  constexpr double micros = 1e6;
  std::string words;
  for (const ProviderCost& cost : costs_in(text)) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ",
                         static_cast<double>(cost.micros) / micros, cost.currency);
  }
  return words;
}

}  // namespace claimcheck
