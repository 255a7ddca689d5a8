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
  return t.fail(unit, fmt::format("{} within {} min", why, patience.count()), Failure::away);
}

void begin_anew(Unit& unit) {
  unit.state = UnitState::waiting;
  unit.attempt += 1;
  unit.earlier_generations = unit.generations;
  unit.intent_us = unit.accepted_us = unit.away_us = unit.away_for_us = unit.retry_us =
      unit.queued_us = unit.put_offs = 0;
  unit.empty_lookups = 0;
}

Decision move_on(Transition& t, std::size_t unit, const std::string& next, std::string_view why) {
  Unit& moved = t.unit(unit);
  const std::string last = moved.generator;
  begin_anew(moved);
  moved.generator = next;
  moved.reason = why;
  return t.change_unit(unit, fmt::format("{} ({}); {} makes it", why, last, next));
}

void begin_to_wait(Transition& t, std::size_t unit) {
  Unit& waiting = t.unit(unit);
  if (!generator_is_away(waiting)) waiting.away_us = to_us(t.now);
  promise_refund(t, unit);
}

void promise_refund(Transition& t, std::size_t unit) {
  t.after.refund_after_us = to_us(t.under_way_since(unit) + t.policy.generator_patience);
}

}  // namespace claimcheck
