#include "domain/balance.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

constexpr Duration span_min = std::chrono::minutes(50);
// Longer than anybody plans ahead, and no sum overflows.
constexpr double lasts_max_s = 365.0 * 86'400;

}  // namespace

std::optional<Duration> balance_lasts(const std::vector<BalanceReading>& readings) {
  if (readings.size() < 2) return std::nullopt;
  const Duration span = readings.back().when - readings.front().when;
  if (span < span_min) return std::nullopt;
  double used = 0;
  for (std::size_t i = 1; i < readings.size(); ++i) {
    used += std::max(readings[i - 1].left - readings[i].left, 0.0);
  }
  if (used <= 0) return std::nullopt;
  const double span_s = std::chrono::duration<double>(span).count();
  const double left_s = std::max(readings.back().left, 0.0) / used * span_s;
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::min(left_s, lasts_max_s)));
}

}  // namespace claimcheck
