// StripeCall: one call of Stripe's API after reading, for the operations in checkouts.cpp and
// payment_calls.cpp. An operation returns the object to answer, or a StripeError. It sees no HTTP,
// and its parameters were checked against its list before.
#pragma once

#include "sandbox/events.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/stripe_error.hpp"

#include <string>
#include <vector>

namespace claimcheck::sandbox {

struct StripeCall {
  std::string method;
  std::vector<std::string> path;  // after /v1: {"checkout", "sessions", "cs_…"}
  Object parameters;
  Cause cause;
};

}  // namespace claimcheck::sandbox
