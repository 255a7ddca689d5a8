// WebhookEndpoints: the webhook endpoints of the account, as Stripe's API makes and shows them.
// They are only records: events go to the one address that the sandbox was given (webhooks.hpp).
// The secret is in the answer to the creation and in no other one, as at Stripe.
#pragma once

#include "base/clock.hpp"
#include "sandbox/stripe_call.hpp"
#include "sandbox/stripe_state.hpp"

#include <string>

namespace claimcheck::sandbox {

class WebhookEndpoints {
 public:
  explicit WebhookEndpoints(Clock& clock) : clock_(clock) {}

  // The one that a person has made in the Dashboard: all events, this API version.
  void add_first(const std::string& url);

  // A new endpoint. Errors: a parameter is missing, or the address has no scheme.
  StripeResult<Object> create(const StripeCall& call);
  // Switches one off or on again, or describes it anew.
  StripeResult<Object> update(const StripeCall& call);
  StripeResult<Object> list(const StripeCall& call) const;
  StripeResult<Object> retrieve(const StripeCall& call) const;

 private:
  Object& add(const std::string& url, Array events, Value api_version);

  Clock& clock_;
  Collection endpoints_;
};

}  // namespace claimcheck::sandbox
