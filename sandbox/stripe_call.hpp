// One call of Stripe's API, read: what the operations in checkouts.cpp and payment_calls.cpp get.
// An operation gives the object to answer, or a StripeError; it sees no HTTP, and its parameters
// have been checked against its list already.
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
