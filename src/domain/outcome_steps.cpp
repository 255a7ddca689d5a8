// The last part of a unit's way: its outcome goes into the register, and money goes back.
#include "base/assert.hpp"
#include "domain/transition_steps.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace claimcheck {

namespace {

constexpr const char* by_a_person = "refunded at Stripe by a person";
constexpr const char* taken_back = "a person's refund was taken back";
constexpr const char* both = "delivered, and refunded as well";

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
  if (unit.state == UnitState::held && unit.reason == both) return;
  if (unit.state == UnitState::delivered) {
    unit.state = UnitState::held;
    unit.reason = both;
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

bool ended_by_a_person(const Unit& unit) {
  return unit.state == UnitState::refunded && unit.refund.empty();
}

bool wants_its_money_back(const Unit& unit) {
  return unit.refund.empty() &&
         (unit.state == UnitState::refunding || unit.state == UnitState::held);
}

// A person's refund of exactly a unit's share is that unit's. What has ended that way comes first,
// so that every reading says the same; what no refund stands behind any more is for a person.
void attribute(Claim& claim, std::vector<std::int64_t> by_persons) {
  const auto take_share = [&](std::size_t unit) {
    const auto fitting = std::ranges::find(by_persons, share_of(claim, unit));
    if (fitting == by_persons.end()) return false;
    by_persons.erase(fitting);
    return true;
  };
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    Unit& unit = claim.units[i];
    if (!ended_by_a_person(unit) || share_of(claim, i) == 0 || take_share(i)) continue;
    unit.state = UnitState::held;
    unit.reason = taken_back;
  }
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    Unit& unit = claim.units[i];
    const bool wants = wants_its_money_back(unit) && unit.reason != taken_back;
    if (wants && share_of(claim, i) > 0 && take_share(i)) end_as_refunded(unit, by_a_person);
  }
}

// Takes over all refunds of the payment. Those that nobody here made count for the order; when
// they leave nothing of the payment, what is not delivered yet is over.
Claim with_refunds(Claim claim, const RefundsSeen& seen) {
  std::int64_t refunded = 0;
  std::vector<std::int64_t> by_persons;
  for (const RefundFound& found : seen.refunds) {
    if (found.state != RefundState::failed) refunded += found.amount_minor;
    if (found.unit && *found.unit < claim.units.size()) {
      adopt_refund(claim.units[*found.unit], found);
    } else if (found.state != RefundState::failed) {
      by_persons.push_back(found.amount_minor);
    }
  }
  claim.refunded_elsewhere_minor =
      std::accumulate(by_persons.begin(), by_persons.end(), std::int64_t{0});
  const bool everything = refunded >= seen.payment.amount.amount_minor;
  if (!everything || by_persons.empty()) {
    attribute(claim, std::move(by_persons));
    return claim;
  }
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
  // Nobody here can tell what a person's other sum was for; it may have been for this video.
  const bool guessing = unattributed_minor(seen) > 0;
  if (guessing) {
    return hold_unit(decision.claim, *next, "a person has refunded a part of this payment", now,
                     policy);
  }
  const std::int64_t share = share_of(seen, *next);
  if (share > seen.amount_minor - payment.refunded_minor) {
    return hold_unit(decision.claim, *next, "less than its price is left of the payment", now,
                     policy);
  }
  decision.action = {.kind = ActionKind::refund, .unit = *next};
  return decision;
}

}  // namespace

std::int64_t unattributed_minor(const Claim& claim) {
  std::int64_t left = claim.refunded_elsewhere_minor;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    if (ended_by_a_person(claim.units[i])) left -= share_of(claim, i);
  }
  return left;
}

Decision observe(const Claim& claim, const Registered& seen, Time now, const Policy& policy) {
  Claim changed = claim;
  Unit& unit = changed.units[seen.unit];
  ENSURE(unit.state == UnitState::ready || unit.state == UnitState::failed);
  unit.registered = seen.outcome;
  unit.retry_us = unit.refusals = 0;
  if (seen.refused) {
    return hold_unit(claim, seen.unit, "Stripe refuses to register its outcome: " + seen.reason,
                     now, policy);
  }
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
  // A video that a person wanted to refund at the very moment of its delivery is there.
  if (unit.state == UnitState::failed && unit.url.empty()) {
    return hold_unit(changed, seen.unit, "the register says delivered, but there is no video", now,
                     policy);
  }
  return deliver_unit(changed, seen.unit, "its delivery is registered", now, policy);
}

Decision observe(const Claim& claim, const RefundAllowed& seen, Time now, const Policy& policy) {
  ENSURE(claim.units[seen.unit].state == UnitState::failed);
  if (!seen.allowed) {
    return put_off(claim, claim, seen.unit, seen.reason, policy.refused_max, now, policy);
  }
  if (policy.register_mode != RegisterMode::off) {
    return stay(claim, {.kind = ActionKind::write_register, .unit = seen.unit});
  }
  return refund_unregistered(claim, seen.unit, now, policy);
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
  const bool stands = seen.payment.disputed && !ended_well(changed.dispute);
  Decision decision;
  if (stands && !is_closed(changed.state)) {
    decision = hold_order(changed, disputed_reason, now, policy);
  } else if (news) {
    decision = change_order(claim, changed, "read the refunds", now, policy);
  } else {
    decision = go_on(changed, now, policy);
  }
  const bool disputed = seen.payment.disputed || !changed.dispute.id.empty();
  const bool over = decision.action.kind == ActionKind::finish;
  if (disputed && over) decision.action = {.kind = ActionKind::list_disputes};
  if (is_closed(decision.claim.state)) return decision;
  return refund_next(std::move(decision), seen.payment, now, policy);
}

Decision observe(const Claim& claim, const RefundsUnclear&, Time now, const Policy& policy) {
  if (is_closed(claim.state)) return park(claim, policy.refused_max);
  const auto refunding = [&claim](std::size_t unit) {
    return claim.units[unit].state == UnitState::refunding;
  };
  return without_answer(claim, refunding, now, policy);
}

Decision observe(const Claim& claim, const DisputesSeen& seen, Time now, const Policy& policy) {
  Dispute told = most_pressing(seen.disputes);
  // An empty list names no payment: what was told before stays.
  if (told.id.empty() || told == claim.dispute) return go_on(claim, now, policy);
  Claim changed = claim;
  changed.dispute = std::move(told);
  std::string why = words_of(changed.dispute);
  return change_order(claim, std::move(changed), std::move(why), now, policy);
}

Decision observe(const Claim& claim, const DisputesUnclear& seen, Time now, const Policy& policy) {
  const bool again = is_closed(claim.state) && !seen.refused;
  return again ? park(claim, policy.refused_max) : go_on(claim, now, policy);
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
