// observe(): what an order becomes by each kind of observation, one function for each. decide()
// picks the one that fits; none is called from elsewhere. Private to src/domain; everybody else
// includes order_machine.hpp.
#pragma once

#include "domain/observation.hpp"
#include "domain/transition.hpp"

#include <string>

namespace claimcheck {

// observe_payment.cpp
Decision observe(Transition& t, const Woken& seen);
Decision observe(Transition& t, const Poisoned& seen);
Decision observe(Transition& t, const PaymentSeen& seen);
Decision observe(Transition& t, const PaymentUnclear& seen);
// observe_submit.cpp
Decision observe(Transition& t, const Prepared& seen);
Decision observe(Transition& t, const Recovered& seen);
Decision observe(Transition& t, const Unpreparable& seen);
Decision observe(Transition& t, const Submitted& seen);
// observe_look_up.cpp
Decision observe(Transition& t, const LookedUp& seen);
// observe_poll.cpp
Decision observe(Transition& t, const Polled& seen);
// observe_outcome.cpp
Decision observe(Transition& t, const Registered& seen);
Decision observe(Transition& t, const RefundAllowed& seen);
// observe_refunds.cpp
Decision observe(Transition& t, const RefundsSeen& seen);
Decision observe(Transition& t, const RefundsUnclear& seen);
Decision observe(Transition& t, const Refunded& seen);
// observe_disputes.cpp
Decision observe(Transition& t, const DisputesSeen& seen);
Decision observe(Transition& t, const DisputesUnclear& seen);

inline constexpr const char* disputed_reason = "the payment is disputed";

// Takes over what Stripe says of the payment and of the outcomes; returns what is new in it, in
// words, or nothing.
std::string apply_payment(Transition& t, const PaymentSeen& seen);

}  // namespace claimcheck
