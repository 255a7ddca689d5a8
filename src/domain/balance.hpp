// Balance: how long the money at a generator lasts, by what was used of it lately. Readings are
// made once an hour; one that is higher than the one before it was a payment, and says nothing of
// use. Plain values, pure.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace claimcheck {

struct BalanceReading {
  Time when;
  double left = 0;  // in the account's own unit

  bool operator==(const BalanceReading&) const = default;
};

// So many are kept: a day, since many shops sell by day and not by night.
inline constexpr std::size_t balance_readings_max = 25;

// Oldest first. Nothing = it was not used, or there are no two readings an hour apart.
std::optional<Duration> balance_lasts(const std::vector<BalanceReading>& readings);

}  // namespace claimcheck
