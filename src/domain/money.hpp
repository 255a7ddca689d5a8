// Money: an amount in the currency's smallest unit, as Stripe counts it. Amounts of different
// currencies never compare equal and are never added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck {

struct Money {
  std::int64_t amount_minor = 0;
  std::string currency;  // lowercase ISO 4217

  bool operator==(const Money&) const = default;
};

// Charges and refunds in this currency must be multiples of it: 1 for most, 10 where Stripe counts
// three decimals, 100 where it counts two decimals that must be zero.
std::int64_t step_of(std::string_view currency);

// How many of the smallest unit are one of the currency: 100 for most.
std::int64_t minor_per_unit(std::string_view currency);

// The share of part `index` when an amount is split into `parts`. It is a multiple of the
// currency's step, so that Stripe can refund it. Shares differ by one step at most, and the larger
// ones come first. Their sum is the amount without the rest below one step, which Stripe neither
// charges nor refunds.
std::int64_t share_of(const Money& whole, std::size_t parts, std::size_t index);

// "19.00", "1900", "1,900": with as many digits behind the point as the currency has at Stripe.
std::string amount_text(const Money& money, char decimal_point);
// "19.00 USD", "1900 JPY", "1,900 KWD": the same with the currency, for people.
std::string money_text(const Money& money, char decimal_point);
// "$19.00", "1900 JPY": the same with the sign of the currency, where one is known to everybody.
std::string short_money_text(const Money& money);

}  // namespace claimcheck
