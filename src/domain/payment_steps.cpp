#include "domain/names.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string mismatch(const Claim& claim, const PaymentSeen& seen) {
  if (seen.livemode != claim.livemode) return "paid in the other Stripe mode (test/live)";
  const Money expected{.amount_minor = claim.amount_minor, .currency = claim.currency};
  if (seen.amount == expected) return {};
  return fmt::format("paid {} {} where {} {} was ordered", seen.amount.amount_minor,
                     seen.amount.currency, expected.amount_minor, expected.currency);
}

// What stands against making a video for this payment, or nothing.
std::string objection(const Claim& claim, const PaymentSeen& seen) {
  if (seen.disputed && !ended_well(claim.dispute)) return disputed_reason;
  return mismatch(claim, seen);
}

Decision close(const Claim& claim, OrderState state, std::string why, Time now,
               const Policy& policy) {
  Claim changed = claim;
  changed.state = state;
  changed.reason = why;
  return change_order(claim, std::move(changed), std::move(why), now, policy);
}

Decision first_payment(const Claim& before, Claim seen_claim, Time now, const Policy& policy) {
  seen_claim.state = OrderState::paid;
  seen_claim.paid_us = to_us(now);
  seen_claim.delayed = false;
  return change_order(before, std::move(seen_claim), "Stripe says paid", now, policy);
}

Decision under_way(const Claim& before, Claim seen_claim, Time now, const Policy& policy) {
  if (before.delayed) return park(seen_claim, policy.under_way_wait);
  seen_claim.delayed = true;
  const std::string why = "the form is complete, the payment is under way";
  Decision decision = change_order(before, std::move(seen_claim), why, now, policy);
  decision.action = {.kind = ActionKind::park, .delay = policy.under_way_wait};
  return decision;
}

Decision still_open(const Claim& claim, Time now, const Policy& policy) {
  const Time look_again = from_us(claim.expires_us) + policy.expiry_slack;
  return park(claim, std::max<Duration>(look_again - now, policy.refused_max));
}

Decision observe_open_order(const Claim& claim, Claim seen_claim, const PaymentSeen& seen, Time now,
                            const Policy& policy) {
  switch (seen.state) {
    case PaymentState::paid: return first_payment(claim, std::move(seen_claim), now, policy);
    case PaymentState::under_way: return under_way(claim, std::move(seen_claim), now, policy);
    case PaymentState::failed:
      return close(seen_claim, OrderState::unpaid, "the delayed payment failed", now, policy);
    case PaymentState::expired:
      return close(seen_claim, OrderState::expired, "never paid in time", now, policy);
    case PaymentState::open: break;
  }
  return still_open(seen_claim, now, policy);
}

// Takes over what the register says of a unit; a rolled back Redis catches up with it here. Returns
// what happened, or nothing.
std::string adopt(Unit& unit, Outcome outcome, Time now) {
  if (outcome == Outcome::none || unit.registered == outcome) return {};
  unit.registered = outcome;
  const bool ended = unit.state == UnitState::delivered || unit.state == UnitState::refunded ||
                     unit.state == UnitState::held;
  if (ended) return {};
  if (outcome == Outcome::refund) {
    unit.state = UnitState::refunding;
    unit.retry_us = unit.refusals = 0;
    return "the register says refunded";
  }
  const bool made = unit.state == UnitState::ready;
  if (made || (unit.state == UnitState::failed && !unit.url.empty())) {
    unit.state = UnitState::delivered;
    unit.delivered_us = to_us(now);
    unit.reason.clear();
  }
  if (unit.state == UnitState::failed || unit.state == UnitState::refunding) {
    unit.state = UnitState::held;
    unit.reason = "the register says delivered, but there is no video: " + unit.reason;
  }
  return "the register says delivered";
}

std::string adopt_register(Claim& claim, const std::vector<Outcome>& registered, Time now) {
  std::string why;
  for (std::size_t i = 0; i < std::min(registered.size(), claim.units.size()); ++i) {
    const std::string what = adopt(claim.units[i], registered[i], now);
    if (!what.empty())
      why += fmt::format("{}video {}: {}", why.empty() ? "" : "; ", video_number(i), what);
  }
  return why;
}

// Money went back that is neither ours nor known: find out whose it is.
bool unexplained_refund(const Claim& claim, const PaymentSeen& seen) {
  return seen.refunded_minor != refunded_minor(claim) + claim.refunded_elsewhere_minor;
}

// Paid, and nothing is worked on: only what happens to its money is news.
bool is_quiet(const Claim& claim) {
  return claim.state == OrderState::held || claim.state == OrderState::done;
}

// Banks ask about a payment before they dispute it, and the charge may not tell of that: the
// disputes themselves are read.
Decision observe_quiet_order(const Claim& claim, const PaymentSeen& seen) {
  if (seen.state != PaymentState::paid) return stay(claim, {.kind = ActionKind::finish});
  const bool moved = unexplained_refund(claim, seen);
  return stay(claim, {.kind = moved ? ActionKind::list_refunds : ActionKind::list_disputes});
}

// Nothing is left to do but to wait for refunds that are under way, or nothing at all.
bool only_waits_for_refunds(const Claim& claim) {
  const auto waits = [](const Unit& unit) {
    return unit.state == UnitState::delivered || unit.state == UnitState::held ||
           unit.state == UnitState::refunded || !unit.refund.empty();
  };
  const auto sent_back = [](const Unit& unit) { return !unit.refund.empty(); };
  return std::ranges::all_of(claim.units, waits) &&
         (std::ranges::any_of(claim.units, sent_back) || claim.refunded_elsewhere_minor > 0);
}

}  // namespace

std::string adopt_payment(Claim& claim, const PaymentSeen& seen, Time now) {
  claim.looked_us = to_us(now);
  claim.unknown_us = 0;
  claim.payment_intent = seen.payment_intent;
  claim.charge = seen.charge;
  return adopt_register(claim, seen.registered, now);
}

std::int64_t refunded_minor(const Claim& claim) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    const bool ours = !unit.refund.empty() && unit.state != UnitState::held;
    if (ours) sum += share_of(claim, i);
  }
  return sum;
}

// Such an order is looked at before its time only when somebody knocked: a refund that succeeded
// or failed, or one that a person made, also of what was delivered.
Decision observe(const Claim& claim, const Looked&, Time now, const Policy& policy) {
  const bool paid = claim.state == OrderState::paid || claim.state == OrderState::done;
  if (paid && only_waits_for_refunds(claim)) return stay(claim, {.kind = ActionKind::list_refunds});
  if (is_quiet(claim)) return stay(claim, {.kind = ActionKind::look_at_payment});
  Decision decision = go_on(claim, now, policy);
  // Nothing is due, so somebody knocked: Stripe may have made a refund that is put off here.
  const bool idle = !decision.commit && decision.action.kind == ActionKind::park;
  const auto refunding = std::ranges::count(claim.units, UnitState::refunding, &Unit::state);
  if (idle && refunding > 0) decision.action = {.kind = ActionKind::list_refunds};
  return decision;
}

Decision observe(const Claim& claim, const Poisoned&, Time now, const Policy& policy) {
  if (is_closed(claim.state)) return stay(claim, {.kind = ActionKind::finish});
  return hold_order(claim, "its workers died of it, one after the other", now, policy);
}

Decision observe(const Claim& claim, const PaymentSeen& seen, Time now, const Policy& policy) {
  if (is_quiet(claim)) return observe_quiet_order(claim, seen);
  if (is_closed(claim.state)) return go_on(claim, now, policy);
  Claim seen_claim = claim;
  const std::string news = adopt_payment(seen_claim, seen, now);
  const bool paid = seen.state == PaymentState::paid;
  if (paid) {
    if (std::string why = objection(claim, seen); !why.empty()) {
      if (seen_claim.paid_us == 0) seen_claim.paid_us = to_us(now);  // held, but the money is here
      Decision held = hold_order(seen_claim, std::move(why), now, policy);
      if (seen.disputed) held.action = {.kind = ActionKind::list_disputes};
      return held;
    }
  }
  if (!paid && claim.state == OrderState::paid) {
    return hold_order(seen_claim, "Stripe no longer says paid", now, policy);
  }
  Decision decision = go_on(seen_claim, now, policy);
  if (claim.state == OrderState::open) {
    decision = observe_open_order(claim, std::move(seen_claim), seen, now, policy);
  } else if (!news.empty()) {
    decision = change_order(claim, std::move(seen_claim), news, now, policy);
  }
  const bool refunded = paid && unexplained_refund(decision.claim, seen);
  if (refunded) decision.action = {.kind = ActionKind::list_refunds};
  return decision;
}

namespace {

Decision observe_unknown_session(const Claim& claim, Time now, const Policy& policy) {
  constexpr const char* why = "Stripe does not know this session: another account or mode?";
  Claim changed = claim;
  if (claim.unknown_us == 0) {
    changed.unknown_us = to_us(now);
  } else if (has_passed(now - from_us(claim.unknown_us), policy.unknown_grace, policy)) {
    return hold_order(claim, why, now, policy);
  }
  Decision decision = park(changed, policy.unknown_wait);
  if (changed == claim) return decision;
  const std::string state(name_of(claim.state));
  decision.moves = {{.from = state, .to = state, .why = why}};
  decision.commit = true;
  return decision;
}

}  // namespace

Decision observe(const Claim& claim, const PaymentUnclear& seen, Time now, const Policy& policy) {
  if (is_quiet(claim) && !seen.unknown_session) return park(claim, policy.refused_max);
  if (is_closed(claim.state)) return go_on(claim, now, policy);
  if (seen.unknown_session) return observe_unknown_session(claim, now, policy);
  // Until Stripe has answered once about it, nothing may be done for this order.
  if (claim.state == OrderState::open || claim.looked_us == 0) {
    return park(claim, policy.unclear_wait);
  }
  const auto due = [&claim, now](std::size_t unit) {
    return claim.units[unit].state == UnitState::waiting &&
           from_us(claim.units[unit].retry_us) <= now;
  };
  return without_answer(claim, due, now, policy);
}

}  // namespace claimcheck
