#include "domain/names.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace claimcheck {

namespace {

Decision hold(const Claim& claim, std::string why, Time now, const Policy& policy) {
  Claim changed = claim;
  changed.state = OrderState::held;
  changed.reason = why;
  return change_order(claim, std::move(changed), std::move(why), now, policy);
}

std::string mismatch(const Claim& claim, const PaymentSeen& seen) {
  if (seen.livemode != claim.livemode) return "paid in the other Stripe mode (test/live)";
  const Money expected{.amount_minor = claim.amount_minor, .currency = claim.currency};
  if (seen.amount == expected) return {};
  return fmt::format("paid {} {} where {} {} was ordered", seen.amount.amount_minor,
                     seen.amount.currency, expected.amount_minor, expected.currency);
}

// What stands against making a video for this payment, or nothing.
std::string objection(const Claim& claim, const PaymentSeen& seen) {
  if (seen.disputed) return "the payment is disputed";
  if (seen.refunded) return "the payment was refunded at Stripe";
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

}  // namespace

Decision observe(const Claim& claim, const PaymentSeen& seen, Time now, const Policy& policy) {
  Claim seen_claim = claim;
  seen_claim.looked_us = to_us(now);
  seen_claim.payment_intent = seen.payment_intent;
  seen_claim.charge = seen.charge;
  if (is_terminal(claim.state) || claim.state == OrderState::held) {
    return go_on(claim, now, policy);
  }
  if (seen.state == PaymentState::paid) {
    if (std::string why = objection(claim, seen); !why.empty()) {
      return hold(seen_claim, std::move(why), now, policy);
    }
  }
  if (claim.state == OrderState::open) {
    return observe_open_order(claim, std::move(seen_claim), seen, now, policy);
  }
  if (seen.state != PaymentState::paid) {
    return hold(seen_claim, "Stripe no longer says paid", now, policy);
  }
  return go_on(seen_claim, now, policy);
}

Decision observe(const Claim& claim, const PaymentUnclear& seen, Time now, const Policy& policy) {
  if (seen.unknown_session && !is_terminal(claim.state) && claim.state != OrderState::held) {
    return hold(claim, "Stripe does not know this session: another account or mode?", now, policy);
  }
  return park(claim, policy.unclear_wait);
}

}  // namespace claimcheck
