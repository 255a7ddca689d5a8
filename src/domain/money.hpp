// Money: an amount in the currency's smallest unit, as Stripe counts it. Amounts of different
// currencies never compare equal and are never added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace claimcheck {

struct Money {
  std::int64_t amount_minor = 0;
  std::string currency;  // lowercase ISO 4217

  bool operator==(const Money&) const = default;
};

// The share of part `index` when an amount is split into `parts`: the shares differ by one at the
// most, the larger ones come first, and their sum is the amount.
constexpr std::int64_t share_of(std::int64_t amount_minor, std::size_t parts, std::size_t index) {
  const auto count = static_cast<std::int64_t>(parts);
  return amount_minor / count + (static_cast<std::int64_t>(index) < amount_minor % count ? 1 : 0);
}

// "19.00 USD", "1900 JPY", "1,900 KWD": with as many digits behind the point as the currency has at
// Stripe, for people.
std::string money_text(const Money& money, char decimal_point);

}  // namespace claimcheck
