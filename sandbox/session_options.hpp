// What a caller may set of a Checkout Session beyond its prices: codes, tax, shipping, fields and
// texts of the payment page. Checked as Stripe does, and stored in the session as its API answers
// it.
#pragma once

#include "sandbox/coupons.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/stripe_error.hpp"

#include <optional>

namespace claimcheck::sandbox {

// The rules beyond the types of single parameters. `currency` is the session's.
std::optional<StripeError> check_options(const Object& given, const std::string& currency,
                                         const Offers& offers);
void copy_options(const Object& given, Object& session, const Offers& offers);

}  // namespace claimcheck::sandbox
