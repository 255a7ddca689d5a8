// Money: an amount in the currency's smallest unit, as Stripe counts it. Amounts of different
// currencies never compare equal and are never added.
#pragma once

#include <cstdint>
#include <string>

namespace claimcheck {

struct Money {
  std::int64_t amount_minor = 0;
  std::string currency;  // lowercase ISO 4217

  bool operator==(const Money&) const = default;
};

}  // namespace claimcheck
