#include "domain/transition.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace claimcheck {

namespace {

Duration since(std::int64_t then_us, Time now) { return now - from_us(then_us); }

Duration poll_interval(const Unit& unit, Time now, const Policy& policy) {
  return std::clamp<Duration>(since(unit.accepted_us, now) / 4, policy.poll_min, policy.poll_max);
}

Time lookup_due(const Unit& unit, const Policy& policy) {
  return from_us(unit.intent_us) + policy.settle_time + unit.lookups * policy.lookup_gap;
}

Action act(ActionKind kind, std::size_t unit) { return {.kind = kind, .unit = unit}; }

// When this unit wants to be looked at again, seen from now.
Duration wait_of(const Unit& unit, Time now, const Policy& policy) {
  switch (unit.state) {
    case UnitState::waiting:
    case UnitState::ready:
    case UnitState::failed:
    case UnitState::refunding: return from_us(unit.retry_us) - now;
    case UnitState::submitting: return lookup_due(unit, policy) - now;
    case UnitState::running: return poll_interval(unit, now, policy);
    case UnitState::delivered:
    case UnitState::refunded:
    case UnitState::held: break;
  }
  return Duration::max();
}

// What a unit that ended at the generator needs next, if that is now.
std::optional<ActionKind> outcome_action(const Unit& unit, Time now) {
  if (now < from_us(unit.retry_us)) return std::nullopt;
  switch (unit.state) {
    case UnitState::ready: return ActionKind::write_register;
    case UnitState::failed: return ActionKind::allow_refund;
    case UnitState::refunding: return ActionKind::list_refunds;
    default: return std::nullopt;
  }
}

// Everything that can be submitted comes first, then what is uncertain, then what ended, then what
// runs.
std::optional<Action> next_unit_action(const Claim& claim, Time now, const Policy& policy,
                                       std::size_t first_to_poll) {
  const bool fresh = since(claim.looked_us, now) <= policy.payment_fresh;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    if (unit.state != UnitState::waiting || now < from_us(unit.retry_us)) continue;
    return act(fresh ? ActionKind::prepare : ActionKind::look_at_payment, i);
  }
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    if (unit.state == UnitState::submitting && now >= lookup_due(unit, policy)) {
      return act(ActionKind::look_up, i);
    }
  }
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const auto kind = outcome_action(claim.units[i], now);
    if (kind) return act(*kind, i);
  }
  for (std::size_t i = first_to_poll; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    const bool due = since(unit.accepted_us, now) >= policy.poll_min;
    if (unit.state == UnitState::running && due) return act(ActionKind::poll, i);
  }
  return std::nullopt;
}

}  // namespace

std::int64_t submit_seed(std::string_view session_id, std::size_t unit, std::int64_t attempt) {
  const std::string digest = sha256_hex(fmt::format("{}/{}/{}", session_id, unit, attempt));
  return std::stoll(digest.substr(0, 8), nullptr, 16) & 0x7fffffff;
}

bool is_terminal(OrderState state) {
  return state == OrderState::done || state == OrderState::expired || state == OrderState::unpaid;
}

bool is_closed(OrderState state) { return is_terminal(state) || state == OrderState::held; }

Decision stay(const Claim& claim, Action action) {
  Decision decision;
  decision.claim = claim;
  decision.action = action;
  return decision;
}

Decision park(const Claim& claim, Duration delay) {
  return stay(claim, {.kind = ActionKind::park, .delay = std::max(delay, Duration(0))});
}

Decision go_on(const Claim& claim, Time now, const Policy& policy, std::size_t first_to_poll) {
  if (is_closed(claim.state)) return stay(claim, {.kind = ActionKind::finish});
  if (claim.state == OrderState::open) return stay(claim, act(ActionKind::look_at_payment, 0));
  if (!policy.refunds_automatic) {
    // Failed while refunds were automatic: nothing is registered yet, so a person can still decide.
    const auto waits = std::ranges::find(claim.units, UnitState::failed, &Unit::state);
    if (waits != claim.units.end()) {
      const auto unit = static_cast<std::size_t>(waits - claim.units.begin());
      return hold_unit(claim, unit, waits->reason, now, policy);
    }
  }
  if (const auto next = next_unit_action(claim, now, policy, first_to_poll)) {
    return stay(claim, *next);
  }
  Duration shortest = Duration::max();
  for (const Unit& unit : claim.units) shortest = std::min(shortest, wait_of(unit, now, policy));
  if (shortest == Duration::max()) return close_when_ended(claim, now, policy);
  return park(claim, shortest);
}

Decision decide(const Claim& claim, const Observation& observation, Time now,
                const Policy& policy) {
  ENSURE(claim.version > 0);
  const auto step = [&](const auto& seen) { return observe(claim, seen, now, policy); };
  return std::visit(step, observation);
}

}  // namespace claimcheck
