// The last part of a unit's way: its outcome goes into the register, and money goes back.
#include "base/assert.hpp"
#include "domain/transition_steps.hpp"

#include <algorithm>
#include <optional>

namespace claimcheck {

namespace {

constexpr const char* by_a_person = "refunded at Stripe by a person";

// Whoever sent the money back: for this unit there is nothing left to do.
void end_as_refunded(Unit& unit, const std::string& reason) {
  unit.state = UnitState::refunded;
  unit.reason = reason;
  unit.retry_us = unit.refusals = 0;
}

bool is_ended(const Unit& unit) {
  return unit.state == UnitState::delivered || unit.state == UnitState::refunded;
}

// What a refund of ours means for its unit.
void adopt_refund(Unit& unit, const RefundFound& found) {
  unit.refund = found.id;
  if (unit.state == UnitState::delivered) {
    unit.state = UnitState::held;
    unit.reason = "delivered, and refunded as well";
    return;
  }
  switch (found.state) {
    case RefundState::pending: unit.state = UnitState::refunding; break;
    case RefundState::succeeded: end_as_refunded(unit, unit.reason); break;
    case RefundState::failed:
      unit.state = UnitState::held;
      unit.reason = "its refund failed at Stripe; the money needs another way";
      break;
  }
}

// Takes over all refunds of the payment. Those that nobody here made count for the order; when
// they leave nothing of the payment, what is not delivered yet is over.
Claim with_refunds(Claim claim, const RefundsSeen& seen) {
  claim.refunded_elsewhere_minor = 0;
  std::int64_t refunded = 0;
  for (const RefundFound& found : seen.refunds) {
    if (found.state != RefundState::failed) refunded += found.amount_minor;
    if (found.unit && *found.unit < claim.units.size()) {
      adopt_refund(claim.units[*found.unit], found);
    } else if (found.state != RefundState::failed) {
      claim.refunded_elsewhere_minor += found.amount_minor;
    }
  }
  if (refunded < claim.amount_minor || claim.refunded_elsewhere_minor == 0) return claim;
  for (Unit& unit : claim.units) {
    const bool under_way = unit.state == UnitState::refunding && !unit.refund.empty();
    if (!under_way && !is_ended(unit)) end_as_refunded(unit, by_a_person);
  }
  return claim;
}

std::optional<std::size_t> to_refund(const Claim& claim, Time now) {
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    const bool wanted = unit.state == UnitState::refunding && unit.refund.empty();
    if (wanted && now >= from_us(unit.retry_us)) return i;
  }
  return std::nullopt;
}

// A held order or unit that a person refunded is over; nothing else reopens by itself.
void close_if_ended(Claim& claim) {
  if (claim.state != OrderState::held || !std::ranges::all_of(claim.units, is_ended)) return;
  claim.state = OrderState::done;
  claim.reason.clear();
}

// A refund that Stripe took back after the order was done.
void reopen_if_held(Claim& claim) {
  if (claim.state != OrderState::done) return;
  const auto held = std::ranges::find(claim.units, UnitState::held, &Unit::state);
  if (held == claim.units.end()) return;
  claim.state = OrderState::held;
  claim.reason = held->reason;
}

// Pending refunds are looked at again after a while, longer each time.
void put_off_pending(Claim& claim, Time now, const Policy& policy) {
  for (Unit& unit : claim.units) {
    const bool due = unit.state == UnitState::refunding && now >= from_us(unit.retry_us);
    if (!due || unit.refund.empty()) continue;
    unit.retry_us = to_us(now + backoff(unit, policy.refund_look_min, policy.refund_look_max));
    unit.refusals += 1;
  }
}

Decision refund_next(Decision decision, const PaymentSeen& payment, Time now,
                     const Policy& policy) {
  const auto next = to_refund(decision.claim, now);
  if (!next) return decision;
  const Claim& seen = decision.claim;
  const std::int64_t share = share_of(seen.amount_minor, seen.units.size(), *next);
  if (share > seen.amount_minor - payment.refunded_minor) {
    return hold_unit(decision.claim, *next, "less than its price is left of the payment", now,
                     policy);
  }
  decision.action = {.kind = ActionKind::refund, .unit = *next};
  return decision;
}

}  // namespace

Decision observe(const Claim& claim, const Registered& seen, Time now, const Policy& policy) {
  Claim changed = claim;
  Unit& unit = changed.units[seen.unit];
  ENSURE(unit.state == UnitState::ready || unit.state == UnitState::failed);
  unit.registered = seen.outcome;
  unit.retry_us = unit.refusals = 0;
  if (seen.outcome == Outcome::none) {
    const Duration wait = backoff(claim.units[seen.unit], policy.refused_min, policy.refused_max);
    return put_off(claim, claim, seen.unit, "its outcome could not be registered: " + seen.reason,
                   wait, now, policy);
  }
  if (seen.outcome == Outcome::refund) {
    unit.state = UnitState::refunding;
    return change_unit(claim, std::move(changed), seen.unit, "its refund is registered", now,
                       policy);
  }
  if (unit.state == UnitState::failed) {
    return hold_unit(changed, seen.unit, "the register says delivered, but there is no video", now,
                     policy);
  }
  unit.state = UnitState::delivered;
  unit.reason.clear();
  return change_unit(claim, std::move(changed), seen.unit, "its delivery is registered", now,
                     policy);
}

Decision observe(const Claim& claim, const RefundAllowed& seen, Time now, const Policy& policy) {
  ENSURE(claim.units[seen.unit].state == UnitState::failed);
  if (!seen.allowed) {
    return put_off(claim, claim, seen.unit, seen.reason, policy.refused_max, now, policy);
  }
  if (policy.register_mode != RegisterMode::off) {
    return stay(claim, {.kind = ActionKind::write_register, .unit = seen.unit});
  }
  Claim changed = claim;
  changed.units[seen.unit].state = UnitState::refunding;
  changed.units[seen.unit].retry_us = changed.units[seen.unit].refusals = 0;
  return change_unit(claim, std::move(changed), seen.unit, "refund", now, policy);
}

Decision observe(const Claim& claim, const RefundsSeen& seen, Time now, const Policy& policy) {
  if (seen.payment.state != PaymentState::paid) {
    return is_closed(claim.state) ? go_on(claim, now, policy)
                                  : hold_order(claim, "Stripe no longer says paid", now, policy);
  }
  Claim changed = claim;
  adopt_payment(changed, seen.payment, now);
  changed = with_refunds(std::move(changed), seen);
  put_off_pending(changed, now, policy);
  close_if_ended(changed);
  reopen_if_held(changed);
  const bool news = changed.units != claim.units || changed.state != claim.state ||
                    changed.refunded_elsewhere_minor != claim.refunded_elsewhere_minor;
  if (seen.payment.disputed && !is_closed(changed.state)) {
    return hold_order(changed, "the payment is disputed", now, policy);
  }
  Decision decision = news ? change_order(claim, changed, "read the refunds", now, policy)
                           : go_on(changed, now, policy);
  if (is_closed(decision.claim.state)) return decision;
  return refund_next(std::move(decision), seen.payment, now, policy);
}

Decision observe(const Claim& claim, const RefundsUnclear&, Time, const Policy& policy) {
  if (is_closed(claim.state)) return park(claim, policy.refused_max);
  return park(claim, policy.unclear_wait);
}

Decision observe(const Claim& claim, const Refunded& seen, Time now, const Policy& policy) {
  Claim changed = claim;
  Unit& unit = changed.units[seen.unit];
  ENSURE(unit.state == UnitState::refunding);
  switch (seen.result) {
    case RefundResult::made: {
      adopt_refund(unit, seen.refund);
      put_off_pending(changed, now, policy);
      return change_unit(claim, std::move(changed), seen.unit, "the refund is made", now, policy);
    }
    case RefundResult::stuck:
      unit.refund_tries += 1;
      return put_off(claim, std::move(changed), seen.unit, seen.reason, policy.refund_stuck_wait,
                     now, policy);
    case RefundResult::changed:
    case RefundResult::unclear: break;
  }
  const Duration wait = backoff(claim.units[seen.unit], policy.unclear_wait, policy.refused_max);
  return put_off(claim, claim, seen.unit, seen.reason, wait, now, policy);
}

}  // namespace claimcheck
