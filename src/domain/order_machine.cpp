#include "domain/order_machine.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "domain/names.hpp"
#include "domain/observe.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

constexpr Duration clock_differs =
    std::chrono::seconds(10);  // the clocks of processes may differ by this without a jump

// Corrects the times of a claim that a clock wrote before it was put back. A past event in the
// future counts as happening now. Else the order would wait as long as the clock was ahead, and an
// old answer of Stripe would count as fresh as long.
Claim as_of(Claim claim, Time now, const Policy& policy) {
  const auto is_ahead = [now](std::int64_t us) { return from_us(us) > now + clock_differs; };
  if (is_ahead(claim.payment_read_us)) claim.payment_read_us = 0;
  const auto not_ahead = [&](std::int64_t& us) { us = is_ahead(us) ? to_us(now) : us; };
  for (std::int64_t* us : {&claim.unknown_us, &claim.paid_us, &claim.prompt_edited_us}) {
    not_ahead(*us);
  }
  const Time edit_end = now + prompt_edit_time_max;
  if (from_us(claim.prompt_edit_ends_us) > edit_end + clock_differs) {
    claim.prompt_edit_ends_us = to_us(edit_end);
  }
  for (Unit& unit : claim.units) {
    for (std::int64_t* us : {&unit.intent_us, &unit.accepted_us, &unit.away_us, &unit.queued_us,
                             &unit.operator_decided_us}) {
      not_ahead(*us);
    }
    // A retry may be in the future, but not further than the longest wait of its state.
    const bool slow = unit.state == UnitState::refunding;
    const Duration longest = slow ? policy.refund_look_max : policy.data_grace;
    if (from_us(unit.retry_us) > now + longest + clock_differs) unit.retry_us = to_us(now);
  }
  return claim;
}

}  // namespace

Decision decide(const Claim& claim, const Observation& observation, Time now,
                const Policy& policy) {
  ENSURE(is_stored(claim));
  const Claim known = as_of(claim, now, policy);
  Transition transition(known, now, policy);
  const auto step = [&](const auto& seen) { return observe(transition, seen); };
  Decision decision = std::visit(step, observation);
  if (known == claim) return decision;
  // The correction must be stored, or the next pass would correct it again with another `now`.
  const std::string state(name_of(claim.state));
  decision.moves.insert(decision.moves.begin(),
                        {.from = state, .to = state, .why = "the clock was put back"});
  decision.commit = true;
  return decision;
}

std::int64_t submit_seed(std::string_view session_id, std::size_t unit, std::int64_t attempt) {
  const std::string digest = sha256_hex(fmt::format("{}/{}/{}", session_id, unit, attempt));
  return std::stoll(digest.substr(0, 8), nullptr, 16) & 0x7fffffff;
}

}  // namespace claimcheck
