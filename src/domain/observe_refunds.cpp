// All refunds of the payment, ours and those of persons at Stripe, and the one refund that may
// follow from them.
#include "base/assert.hpp"
#include "domain/observe.hpp"
#include "domain/order_totals.hpp"

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

// The money is back, by us or by a person: nothing is left to do for this unit.
void end_as_refunded(Unit& unit, const std::string& reason) {
  unit.state = UnitState::refunded;
  unit.reason = reason;
  unit.retry_us = unit.put_offs = 0;
}

// Applies one of our refunds to its unit.
void apply_refund(Unit& unit, const RefundFound& found) {
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

bool wants_its_money_back(const Unit& unit) {
  return !has_refund(unit) && (unit.state == UnitState::refunding || unit.state == UnitState::held);
}

// A person's refund of exactly a unit's price is counted for that unit. Units that ended by such a
// refund come first, so that every pass gives the same result. A unit whose refund no longer exists
// is held for a person.
void attribute(Claim& claim, std::vector<std::int64_t> by_persons) {
  const auto take_price = [&](std::size_t unit) {
    const auto fitting = std::ranges::find(by_persons, unit_price(claim, unit));
    if (fitting == by_persons.end()) return false;
    by_persons.erase(fitting);
    return true;
  };
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    Unit& unit = claim.units[i];
    if (!ended_by_a_person(unit) || unit_price(claim, i) == 0 || take_price(i)) continue;
    unit.state = UnitState::held;
    unit.reason = taken_back;
  }
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    Unit& unit = claim.units[i];
    const bool wants = wants_its_money_back(unit) && unit.reason != taken_back;
    if (wants && unit_price(claim, i) > 0 && take_price(i)) end_as_refunded(unit, by_a_person);
  }
}

// Applies all refunds of the payment. Refunds by persons count for the whole order: when nothing of
// the payment is left, every unit that has not ended is over.
void apply_refunds(Claim& claim, const RefundsSeen& seen) {
  std::int64_t refunded = 0;
  std::vector<std::int64_t> by_persons;
  for (const RefundFound& found : seen.refunds) {
    if (found.state != RefundState::failed) refunded += found.amount_minor;
    if (found.unit && *found.unit < claim.units.size()) {
      apply_refund(claim.units[*found.unit], found);
    } else if (found.state != RefundState::failed) {
      by_persons.push_back(found.amount_minor);
    }
  }
  claim.refunded_elsewhere_minor =
      std::accumulate(by_persons.begin(), by_persons.end(), std::int64_t{0});
  const bool everything = refunded >= seen.payment.amount.amount_minor;
  if (!everything || by_persons.empty()) {
    attribute(claim, std::move(by_persons));
    return;
  }
  for (Unit& unit : claim.units) {
    const bool under_way = unit.state == UnitState::refunding && has_refund(unit);
    if (!under_way && !has_ended(unit)) end_as_refunded(unit, by_a_person);
  }
}

std::optional<std::size_t> unit_to_refund(const Claim& claim, Time now) {
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    const bool wanted = unit.state == UnitState::refunding && !has_refund(unit);
    if (wanted && now >= from_us(unit.retry_us)) return i;
  }
  return std::nullopt;
}

// A held order is over when all of its units have ended, as after refunds by a person. Nothing else
// leaves `held` by itself.
void close_if_ended(Claim& claim) {
  if (claim.state != OrderState::held || !std::ranges::all_of(claim.units, has_ended)) return;
  claim.state = OrderState::done;
  claim.reason.clear();
}

// After the order was done, Stripe took a refund back.
void reopen_if_held(Claim& claim) {
  if (claim.state != OrderState::done) return;
  const auto held = std::ranges::find(claim.units, UnitState::held, &Unit::state);
  if (held == claim.units.end()) return;
  claim.state = OrderState::held;
  claim.reason = held->reason;
}

// Pending refunds are read again after a while, longer each time: banks take days.
void put_off_pending(Transition& t) {
  for (Unit& unit : t.after.units) {
    const bool due = unit.state == UnitState::refunding && t.now >= from_us(unit.retry_us);
    if (!due || !has_refund(unit)) continue;
    const Duration wait = backoff(unit, t.policy.refund_look_min, t.policy.refund_look_max);
    unit.retry_us = to_us(t.now + wait);
    unit.put_offs += 1;
  }
}

// The next refund, made while the list of refunds is still true; the list was read for this.
Decision refund_next(const Transition& t, Decision decision, const PaymentSeen& payment) {
  const auto next = unit_to_refund(decision.claim, t.now);
  if (!next) return decision;
  // Decided on the claim after the list was applied. The list itself then gets no history line: the
  // reason of the hold is enough.
  const auto hold = [&](const char* why) {
    return Transition(decision.claim, t.now, t.policy).hold(*next, why);
  };
  const Claim& claim = decision.claim;
  // It is unknown what another sum by a person was for; it may have been for this video.
  if (unattributed_minor(claim) > 0) return hold("a person has refunded a part of this payment");
  if (unit_price(claim, *next) > claim.amount_minor - payment.refunded_minor) {
    return hold("less than its price is left of the payment");
  }
  decision.action = {.kind = ActionKind::refund, .unit = *next};
  return decision;
}

bool is_news(const Claim& before, const Claim& after) {
  return after.units != before.units || after.state != before.state ||
         after.refunded_elsewhere_minor != before.refunded_elsewhere_minor;
}

}  // namespace

Decision observe(Transition& t, const RefundsSeen& seen) {
  if (seen.payment.state != PaymentState::paid) {
    return is_closed(t.after.state) ? t.go_on() : t.hold_order("Stripe no longer says paid");
  }
  apply_payment(t, seen.payment);
  apply_refunds(t.after, seen);
  put_off_pending(t);
  close_if_ended(t.after);
  reopen_if_held(t.after);
  // Never a refund on top of a dispute: the bank may take the same money back.
  const bool disputed = seen.payment.disputed && !ended_well(t.after.dispute);
  Decision decision = disputed && !is_closed(t.after.state) ? t.hold_order(disputed_reason)
                      : is_news(t.before, t.after)          ? t.change_order("read the refunds")
                                                            : t.go_on();
  // An order that is over is read only for its money: its refunds and its disputes.
  const bool told_of = seen.payment.disputed || has_dispute(t.after);
  const bool over = decision.action.kind == ActionKind::finish;
  if (told_of && over) decision.action = {.kind = ActionKind::list_disputes};
  if (is_closed(decision.claim.state)) return decision;
  return refund_next(t, std::move(decision), seen.payment);
}

Decision observe(Transition& t, const RefundsUnclear&) {
  if (is_closed(t.after.state)) return t.park(t.policy.refused_max);
  return t.ask_again_later([](const Unit& unit) { return unit.state == UnitState::refunding; });
}

Decision observe(Transition& t, const Refunded& seen) {
  Unit& unit = t.unit(seen.unit);
  ENSURE(unit.state == UnitState::refunding);
  switch (seen.result) {
    case RefundResult::made:
      apply_refund(unit, seen.refund);
      put_off_pending(t);
      return t.change_unit(seen.unit, "the refund is made");
    case RefundResult::stuck:
      // Stripe repeats its stored error under this key for a day, so only another key can go on.
      unit.refund_tries += 1;
      return t.put_off(seen.unit, seen.reason, t.policy.refund_stuck_wait);
    case RefundResult::changed:
    case RefundResult::unclear: break;
  }
  // The refund may exist: after the wait the list of refunds is read before another try.
  const Duration wait = backoff(unit, t.policy.unclear_wait, t.policy.refused_max);
  return t.put_off(seen.unit, seen.reason, wait);
}

}  // namespace claimcheck
