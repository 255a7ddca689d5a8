#include "domain/generator_patience.hpp"

#include <fmt/format.h>

#include <chrono>

namespace claimcheck {

bool is_out_of_patience(const Transition& t, std::size_t unit) {
  return t.has_passed(t.now - t.under_way_since(unit), t.policy.generator_patience);
}

Decision fail_after_patience(Transition& t, std::size_t unit, std::string_view why) {
  const auto patience =
      std::chrono::duration_cast<std::chrono::minutes>(t.policy.generator_patience);
  return t.fail(unit, fmt::format("{} within {} min", why, patience.count()));
}

void begin_to_wait(Transition& t, std::size_t unit) {
  Unit& waiting = t.unit(unit);
  if (!generator_is_away(waiting)) waiting.away_us = to_us(t.now);
  t.after.refund_after_us = to_us(t.under_way_since(unit) + t.policy.generator_patience);
}

}  // namespace claimcheck
