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

// What a unit that ended at the generator needs next, if that is now. A refund that a person has
// decided does not ask the breaker.
std::optional<ActionKind> outcome_action(const Unit& unit, Time now) {
  if (now < from_us(unit.retry_us)) return std::nullopt;
  switch (unit.state) {
    case UnitState::ready: return ActionKind::write_register;
    case UnitState::failed:
      return unit.by_hand_us == 0 ? ActionKind::allow_refund : ActionKind::write_register;
    case UnitState::refunding: return ActionKind::list_refunds;
    default: return std::nullopt;
  }
}

// How a person has decided comes first, since whatever holds the order again would stop it; then
// what can be submitted, what is uncertain, what ended, what runs.
std::optional<Action> next_unit_action(const Claim& claim, Time now, const Policy& policy,
                                       std::size_t first_to_poll) {
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const auto kind = outcome_action(claim.units[i], now);
    if (kind && claim.units[i].by_hand_us != 0) return act(*kind, i);
  }
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

// Failed while refunds were automatic: nothing is registered yet, so a person can still decide.
bool waits_for_a_person(const Unit& unit, const Policy& policy) {
  return !policy.refunds_automatic && unit.state == UnitState::failed && unit.by_hand_us == 0;
}

// The steps for which nobody has to be asked, if the payment is known.
std::optional<Decision> next_by_itself(const Claim& claim, Time now, const Policy& policy) {
  const bool plain = policy.register_mode == RegisterMode::off || claim.amount_minor == 0;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    if (waits_for_a_person(unit, policy)) return hold_unit(claim, i, unit.reason, now, policy);
    if (claim.looked_us == 0) continue;
    const bool made = unit.state == UnitState::ready;
    if (made && (plain || unit.registered == Outcome::deliver)) {
      return deliver_unit(claim, i, "nothing stands against its delivery", now, policy);
    }
    const bool lost = unit.state == UnitState::failed && unit.by_hand_us != 0;
    if (lost && policy.register_mode == RegisterMode::off) {
      return refund_unregistered(claim, i, now, policy);
    }
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

bool is_held(const Claim& claim) {
  return claim.state == OrderState::held ||
         std::ranges::find(claim.units, UnitState::held, &Unit::state) != claim.units.end();
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
  if (auto step = next_by_itself(claim, now, policy)) return std::move(*step);
  if (auto next = next_unit_action(claim, now, policy, first_to_poll)) {
    // After a person's word Stripe's is read before anything else: the register outranks both.
    if (claim.looked_us == 0) next->kind = ActionKind::look_at_payment;
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
