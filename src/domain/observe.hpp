// observe(): one function for each kind of observation; it returns what the order becomes. decide()
// calls the one for the observation; no other file does. Private to src/domain; other files include
// order_machine.hpp.
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
Decision observe(Transition& t, const CalledBack& seen);
// observe_copy.cpp
Decision observe(Transition& t, const Copied& seen);
// observe_link.cpp
Decision observe(Transition& t, const LinkSeen& seen);
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

// Reasons after which the job itself makes no video any more: polling it again is of no use.
inline constexpr const char* job_failed_reason = "the generator reported an error";
inline constexpr const char* content_refused_reason = "the generator refused the content";
inline constexpr const char* job_lost_reason = "the generator has lost the job";

// The unit's video is at `url`: delivered, or to be registered first.
Decision take_made(Transition& t, std::size_t unit, std::string url, const std::string& why);

inline constexpr const char* disputed_reason = "the payment is disputed";

// Copies the payment and the outcomes of the register into the claim. Each unit that the register
// changes gets a line.
void apply_payment(Transition& t, const PaymentSeen& seen);

}  // namespace claimcheck
