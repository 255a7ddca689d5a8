// The payment as Stripe has it, and the order that was due or whose workers died.
#include "domain/names.hpp"
#include "domain/observe.hpp"
#include "domain/order_totals.hpp"
#include "domain/prompt_edit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string differ(std::string_view verb, const Money& seen, const Money& expected) {
  return fmt::format("{} {} {} where {} {} was ordered", verb, seen.amount_minor, seen.currency,
                     expected.amount_minor, expected.currency);
}

// Empty and 0 mean that the line items were not read, or are not known here.
std::string other_goods(const Claim& claim, const PaymentSeen& seen) {
  if (seen.price.empty() || claim.price.empty()) return {};
  if (seen.price == claim.price && seen.quantity == claim.quantity) return {};
  return fmt::format("paid for {} of {} where {} of {} were ordered", seen.quantity, seen.price,
                     claim.quantity, claim.price);
}

// What was ordered must be what was paid. The total is Stripe's: a code, tax and shipping change
// it. So the amount before them is compared. The total may not change any more once it was paid.
std::string mismatch(const Claim& claim, const PaymentSeen& seen) {
  if (seen.livemode != claim.livemode) return "paid in the other Stripe mode (test/live)";
  if (std::string goods = other_goods(claim, seen); !goods.empty()) return goods;
  const Money subtotal{.amount_minor = seen.subtotal_minor, .currency = seen.amount.currency};
  const Money ordered{.amount_minor = claim.subtotal_minor, .currency = claim.currency};
  if (knows_subtotal(claim) && subtotal != ordered) return differ("paid", subtotal, ordered);
  const Money total{.amount_minor = claim.amount_minor, .currency = claim.currency};
  if (seen.amount != total) return differ("paid", seen.amount, total);
  // Refunds are parts of the charge, in its currency.
  if (seen.charged.currency.empty() || seen.charged == seen.amount) return {};
  return differ("charged", seen.charged, seen.amount);
}

// Also for a payment that is held: what a person sends back is a part of what was paid.
void take_total(Claim& claim, const PaymentSeen& seen) {
  const bool known = knows_subtotal(claim) && !was_paid(claim);
  if (!known || seen.amount.currency != claim.currency) return;
  claim.amount_minor = seen.amount.amount_minor;
}

// The reason why no video may be made for this payment, or nothing.
std::string objection(const Claim& claim, const PaymentSeen& seen) {
  if (seen.disputed && !ended_well(claim.dispute)) return disputed_reason;
  return mismatch(claim, seen);
}

Decision begin_paid_order(Transition& t) {
  t.after.state = OrderState::paid;
  t.after.paid_us = to_us(t.now);
  t.after.delayed = false;
  return t.change_order("Stripe says paid");
}

// A bank transfer takes days. Stripe sends an event when the money has arrived, and that wakes the
// order. The long wait is only for an event that was lost.
Decision wait_for_money(Transition& t) {
  if (t.after.delayed) return t.park(t.policy.under_way_wait);
  t.after.delayed = true;
  t.note_order("the form is complete, the payment is under way");
  return t.park(t.policy.under_way_wait);
}

// The buyer can use the form until it expires. Until then only a wake leads to a refresh.
Decision wait_for_buyer(const Transition& t) {
  const Time look_again = from_us(t.after.expires_us) + t.policy.expiry_slack;
  return t.park(std::max<Duration>(look_again - t.now, t.policy.refused_max));
}

Decision observe_open_order(Transition& t, const PaymentSeen& seen) {
  switch (seen.state) {
    case PaymentState::paid: return begin_paid_order(t);
    case PaymentState::under_way: return wait_for_money(t);
    case PaymentState::failed:
      return t.close_order(OrderState::unpaid, "the delayed payment failed");
    case PaymentState::expired:
      t.after.recoverable = seen.recoverable;
      return t.close_order(OrderState::expired, "never paid in time");
    case PaymentState::open: break;
  }
  return wait_for_buyer(t);
}

// Applies the outcome in the register to a unit; after a rollback of Redis the claim catches up
// here. Returns what changed, or nothing.
std::string apply_outcome(Unit& unit, Outcome outcome, Time now) {
  if (outcome == Outcome::none || unit.registered == outcome) return {};
  unit.registered = outcome;
  // A unit that has ended or is held keeps its state; only the outcome is recorded.
  if (!goes_by_itself(unit)) return {};
  if (outcome == Outcome::refund) {
    unit.state = UnitState::refunding;
    unit.retry_us = unit.put_offs = 0;
    return "the register says refunded";
  }
  // It was made from another prompt before Redis went back, and is sought under each of its seeds.
  if (unit.state == UnitState::editable) {
    unit.state = UnitState::waiting;
    unit.attempt = 0;
  }
  const bool made = unit.state == UnitState::ready;
  if (made || (unit.state == UnitState::failed && has_video(unit))) {
    unit.state = UnitState::delivered;
    unit.delivered_us = to_us(now);
    unit.reason.clear();
  }
  if (unit.state == UnitState::failed || unit.state == UnitState::refunding) {
    // Neither a refund nor a delivery would be right, so a person must decide.
    unit.state = UnitState::held;
    unit.reason = "the register says delivered, but there is no video: " + unit.reason;
  }
  return "the register says delivered";
}

void apply_register(Transition& t, const std::vector<Outcome>& registered) {
  const std::size_t known = std::min(registered.size(), t.after.units.size());
  for (std::size_t i = 0; i < known; ++i) {
    const std::string what = apply_outcome(t.unit(i), registered[i], t.now);
    if (!what.empty()) t.note_unit(i, what);
  }
}

// The refunded sum is not the one that we know: the refunds must be listed.
bool has_unexplained_refund(const Claim& claim, const PaymentSeen& seen) {
  return seen.refunded_minor != refunded_minor(claim) + claim.refunded_elsewhere_minor;
}

// Paid, and not worked on: only refunds and disputes matter.
bool is_quiet(const Claim& claim) {
  return claim.state == OrderState::held || claim.state == OrderState::done;
}

// A bank may ask about a payment before it disputes it, and the charge may not show that. So the
// disputes themselves are read.
Decision observe_quiet_order(const Transition& t, const PaymentSeen& seen) {
  if (seen.state != PaymentState::paid) return t.stay({.kind = ActionKind::finish});
  const bool moved = has_unexplained_refund(t.after, seen);
  return t.stay({.kind = moved ? ActionKind::list_refunds : ActionKind::list_disputes});
}

// Nothing is left to do, except to wait for refunds that are under way.
bool only_waits_for_refunds(const Claim& claim) {
  const auto waits = [](const Unit& unit) { return !goes_by_itself(unit) || has_refund(unit); };
  return std::ranges::all_of(claim.units, waits) &&
         (std::ranges::any_of(claim.units, has_refund) || claim.refunded_elsewhere_minor > 0);
}

Decision observe_unknown_session(Transition& t) {
  constexpr const char* why = "Stripe does not know this session: another account or mode?";
  if (!is_unknown_at_stripe(t.after)) {
    // The time is recorded first: one process with a wrong key must not hold all orders at once.
    t.after.unknown_us = to_us(t.now);
    t.note_order(why);
  } else if (t.has_passed(t.since(t.after.unknown_us), t.policy.unknown_grace)) {
    return t.hold_order(why);
  }
  return t.park(t.policy.unknown_wait);
}

// The line says when a unit's turn is, and wakes its order then: so each pass asks once, for the
// unit of this order that is first.
void ask_for_its_turn(Claim& claim) {
  const auto first = std::ranges::find_if(claim.units, [](const Unit& unit) {
    return unit.state == UnitState::waiting && is_queued(unit) && !generator_is_away(unit);
  });
  if (first != claim.units.end()) first->retry_us = 0;
}

}  // namespace

void apply_payment(Transition& t, const PaymentSeen& seen) {
  t.after.payment_read_us = to_us(t.now);
  t.after.unknown_us = 0;
  t.after.payment_intent = seen.payment_intent;
  t.after.charge = seen.charge;
  apply_register(t, seen.registered);
}

// A quiet order is read before its time only when it was woken: a refund succeeded or failed, or a
// person made one, also for a delivered video.
Decision observe(Transition& t, const Woken&) {
  const bool paid = t.after.state == OrderState::paid || t.after.state == OrderState::done;
  if (paid && only_waits_for_refunds(t.after)) return t.stay({.kind = ActionKind::list_refunds});
  if (is_quiet(t.after)) return t.stay({.kind = ActionKind::read_payment});
  if (edit_time_is_over(t)) return end_edit(t);
  ask_for_its_turn(t.after);
  Decision decision = t.go_on();
  // Nothing is due, so the order was woken. The reason may be a refund whose next check is put off.
  const bool idle = !decision.commit && decision.action.kind == ActionKind::park;
  const auto refunding = std::ranges::count(t.after.units, UnitState::refunding, &Unit::state);
  if (idle && refunding > 0) decision.action = {.kind = ActionKind::list_refunds};
  // Or a dispute of an order whose buyer has a day or more to write another prompt.
  const bool waits_for_buyer = idle && refunding == 0 && may_edit_prompt(t.after) &&
                               t.now <= from_us(t.after.prompt_edit_ends_us);
  if (waits_for_buyer && !t.payment_is_fresh()) {
    decision.action = {.kind = ActionKind::read_payment};
  }
  return decision;
}

Decision observe(Transition& t, const Poisoned&) {
  if (is_closed(t.after.state)) return t.stay({.kind = ActionKind::finish});
  return t.hold_order("its workers died of it, one after the other");
}

Decision observe(Transition& t, const PaymentSeen& seen) {
  if (is_quiet(t.before)) return observe_quiet_order(t, seen);
  if (is_closed(t.before.state)) return t.go_on();
  apply_payment(t, seen);
  const bool paid = seen.state == PaymentState::paid;
  if (paid) take_total(t.after, seen);
  if (const std::string why = paid ? objection(t.after, seen) : ""; !why.empty()) {
    if (!was_paid(t.after)) t.after.paid_us = to_us(t.now);  // held, but the money is here
    Decision held = t.hold_order(why);
    // A held order is not read again by itself, and the bank sets a day for the answer. So the
    // dispute is read at once.
    if (seen.disputed) held.action = {.kind = ActionKind::list_disputes};
    return held;
  }
  const bool open = t.before.state == OrderState::open;
  if (!paid && !open) return t.hold_order("Stripe no longer says paid");
  Decision decision = open ? observe_open_order(t, seen) : t.go_on();
  // Before anything is bought or refunded: the money may have gone back already.
  const bool refunded = paid && has_unexplained_refund(decision.claim, seen);
  if (refunded) decision.action = {.kind = ActionKind::list_refunds};
  return decision;
}

Decision observe(Transition& t, const PaymentUnclear& seen) {
  if (is_quiet(t.after) && !seen.unknown_session) return t.park(t.policy.refused_max);
  if (is_closed(t.after.state)) return t.go_on();
  if (seen.unknown_session) return observe_unknown_session(t);
  // Nothing may be done for this order until Stripe has answered once about its payment.
  if (t.after.state == OrderState::open || !payment_was_read(t.after)) {
    return t.park(t.policy.unclear_wait);
  }
  return t.ask_again_later([now = t.now](const Unit& unit) {
    return unit.state == UnitState::waiting && from_us(unit.retry_us) <= now;
  });
}

}  // namespace claimcheck
