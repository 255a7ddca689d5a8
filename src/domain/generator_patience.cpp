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

Decision move_on(Transition& t, std::size_t unit, const std::string& next, std::string_view why) {
  Unit& moved = t.unit(unit);
  const std::string last = moved.generator;
  moved.state = UnitState::waiting;
  moved.generator = next;
  moved.attempt += 1;
  moved.earlier_generations = moved.generations;
  moved.intent_us = moved.accepted_us = moved.away_us = moved.away_for_us = moved.retry_us =
      moved.put_offs = 0;
  moved.empty_lookups = 0;
  moved.reason = why;
  return t.change_unit(unit, fmt::format("{} ({}); {} makes it", why, last, next));
}

void begin_to_wait(Transition& t, std::size_t unit) {
  Unit& waiting = t.unit(unit);
  if (!generator_is_away(waiting)) waiting.away_us = to_us(t.now);
  t.after.refund_after_us = to_us(t.under_way_since(unit) + t.policy.generator_patience);
}

}  // namespace claimcheck
