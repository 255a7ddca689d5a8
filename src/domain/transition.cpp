#include "domain/transition.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "domain/names.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace claimcheck {

namespace {

Duration since(std::int64_t then_us, Time now) { return now - from_us(then_us); }

Duration poll_interval(const Unit& unit, Time now, const Policy& policy) {
  return std::clamp<Duration>(since(unit.accepted_us, now) / 4, policy.poll_min, policy.poll_max);
}

Time lookup_due(const Unit& unit, const Policy& policy) {
  const Time settled = from_us(unit.intent_us) + policy.settle_time;
  return std::max(settled + unit.lookups * policy.lookup_gap, from_us(unit.retry_us));
}

Action act(ActionKind kind, std::size_t unit) { return {.kind = kind, .unit = unit}; }

// Of what is due at the same time. How a person has decided comes first, since whatever holds the
// order again would stop it; then what can be submitted, what is uncertain, what ended, what runs.
enum class Rank : std::uint8_t { decided, submit, look_up, outcome, poll };

struct Next {
  ActionKind kind;
  Time due;
  Rank rank;
};

// What one unit wants next, and when; nothing when it has ended. A unit that waits for a clear
// answer, or was refused, does so until its `retry_us`. A refund that a person has decided does
// not ask the breaker.
std::optional<Next> next_of(const Unit& unit, bool fresh, bool polled, Time now,
                            const Policy& policy) {
  const bool decided = unit.by_hand_us != 0;
  const Rank outcome = decided ? Rank::decided : Rank::outcome;
  const Time retry = from_us(unit.retry_us);
  switch (unit.state) {
    case UnitState::waiting:
      return Next{fresh ? ActionKind::prepare : ActionKind::look_at_payment, retry, Rank::submit};
    case UnitState::submitting:
      return Next{ActionKind::look_up, lookup_due(unit, policy), Rank::look_up};
    case UnitState::running: {
      const Time first = from_us(unit.accepted_us) + policy.poll_min;
      const Time due =
          polled ? now + poll_interval(unit, now, policy) : std::min(first, now + policy.poll_max);
      return Next{ActionKind::poll, due, Rank::poll};
    }
    case UnitState::ready: return Next{ActionKind::write_register, retry, outcome};
    case UnitState::failed:
      return Next{decided ? ActionKind::write_register : ActionKind::allow_refund, retry, outcome};
    case UnitState::refunding: return Next{ActionKind::list_refunds, retry, outcome};
    case UnitState::delivered:
    case UnitState::refunded:
    case UnitState::held: break;
  }
  return std::nullopt;
}

// The due unit of the highest rank takes its step; while none is due the order waits for the first.
std::optional<Action> next_action(const Claim& claim, Time now, const Policy& policy,
                                  std::size_t first_to_poll) {
  const bool fresh = since(claim.looked_us, now) <= policy.payment_fresh;
  std::optional<Next> first;
  std::size_t unit = 0;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    auto next = next_of(claim.units[i], fresh, i < first_to_poll, now, policy);
    if (!next) continue;
    next->due = std::max(next->due, now);
    if (first && std::pair(first->due, first->rank) <= std::pair(next->due, next->rank)) continue;
    first = next;
    unit = i;
  }
  if (!first) return std::nullopt;
  if (first->due > now) return Action{.kind = ActionKind::park, .delay = first->due - now};
  // After a person's word Stripe's is read before anything else: the register outranks both.
  return act(claim.looked_us == 0 ? ActionKind::look_at_payment : first->kind, unit);
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

bool has_passed(Duration age, Duration limit, const Policy& policy) {
  return policy.clocks_agree && age > limit && policy.clock_steady_for > limit;
}

Decision stay(const Claim& claim, Action action) {
  Decision decision;
  decision.claim = claim;
  decision.action = action;
  return decision;
}

Decision park(const Claim& claim, Duration delay) {
  return stay(claim, {.kind = ActionKind::park, .delay = std::max(delay, Duration(0))});
}

Decision without_answer(const Claim& claim, const AsksAgain& asks_again, Time now,
                        const Policy& policy) {
  Claim changed = claim;
  for (std::size_t i = 0; i < changed.units.size(); ++i) {
    if (asks_again(i)) changed.units[i].retry_us = to_us(now + policy.unclear_wait);
  }
  return changed == claim ? park(claim, policy.unclear_wait) : go_on(changed, now, policy);
}

Decision go_on(const Claim& claim, Time now, const Policy& policy, std::size_t first_to_poll) {
  if (is_closed(claim.state)) return stay(claim, {.kind = ActionKind::finish});
  if (claim.state == OrderState::open) return stay(claim, act(ActionKind::look_at_payment, 0));
  if (auto step = next_by_itself(claim, now, policy)) return std::move(*step);
  const auto next = next_action(claim, now, policy, first_to_poll);
  return next ? stay(claim, *next) : close_when_ended(claim, now, policy);
}

namespace {

constexpr Duration clock_differs = std::chrono::seconds(10);  // among processes, without a jump

// What was written by a clock that was put back since has not happened in the future: it happens
// now. Else it would be waited for as long as the clock was ahead; and what Stripe has said "just
// now" would be believed as long.
Claim as_of(Claim claim, Time now, const Policy& policy) {
  const auto is_ahead = [now](std::int64_t us) { return from_us(us) > now + clock_differs; };
  if (is_ahead(claim.looked_us)) claim.looked_us = 0;
  const auto not_ahead = [&](std::int64_t& us) { us = is_ahead(us) ? to_us(now) : us; };
  for (std::int64_t* us : {&claim.unknown_us, &claim.paid_us}) not_ahead(*us);
  for (Unit& unit : claim.units) {
    for (std::int64_t* us : {&unit.intent_us, &unit.accepted_us, &unit.away_us, &unit.by_hand_us}) {
      not_ahead(*us);
    }
    const bool slow = unit.state == UnitState::refunding;
    const Duration longest = slow ? policy.refund_look_max : policy.data_grace;
    if (from_us(unit.retry_us) > now + longest + clock_differs) unit.retry_us = to_us(now);
  }
  return claim;
}

}  // namespace

Decision decide(const Claim& claim, const Observation& observation, Time now,
                const Policy& policy) {
  ENSURE(claim.version > 0);
  const Claim known = as_of(claim, now, policy);
  const auto step = [&](const auto& seen) { return observe(known, seen, now, policy); };
  Decision decision = std::visit(step, observation);
  if (known == claim) return decision;
  const std::string state(name_of(claim.state));
  decision.moves.insert(decision.moves.begin(),
                        {.from = state, .to = state, .why = "the clock was put back"});
  decision.commit = true;
  return decision;
}

}  // namespace claimcheck
