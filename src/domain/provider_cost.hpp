// ProviderCost: what jobs cost us at generators, which charge in money or in credits of their own.
// A claim keeps the sum for each currency as one text, "usd 150000, credits 24000000", in
// millionths. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct ProviderCost {
  std::int64_t micros = 0;  // millionths of `currency`
  std::string currency;     // "usd", "credits"

  bool operator==(const ProviderCost&) const = default;
};

// What cannot be read is left out.
std::vector<ProviderCost> costs_in(std::string_view text);
std::string with_cost(std::string_view text, const ProviderCost& more);
// For people: "0.15 usd, 24 credits"; empty = nothing is known.
std::string cost_words(std::string_view text);

}  // namespace claimcheck
