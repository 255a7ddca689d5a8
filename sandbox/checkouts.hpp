// Checkouts: the Checkout Session operations of Stripe's API. It knows the prices, computes the
// amount of a session, and refuses what Stripe refuses. Payments handles the later life of a
// session, from the first payment to its expiry.
#pragma once

#include "sandbox/agenda.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/stripe_call.hpp"
#include "sandbox/stripe_state.hpp"

#include <string>

namespace claimcheck::sandbox {

class Checkouts {
 public:
  Checkouts(StripeState& state, Payments& payments, MovableClock& clock)
      : state_(state), payments_(payments), clock_(clock) {}

  StripeResult<Object> create(const StripeCall& call);
  StripeResult<Object> retrieve(const StripeCall& call) const;
  StripeResult<Object> list(const StripeCall& call) const;
  StripeResult<Object> line_items(const StripeCall& call) const;
  StripeResult<Object> expire(const StripeCall& call);

  // The buyer opens the recovery page of an expired session: a new one like it. Returns the address
  // of its payment page. Errors: not_found; conflict, when it is too late.
  Result<std::string> recover(std::string_view path);

  // Adds a session of another product on the same account, without any metadata.
  Object& add_foreign();

 private:
  StripeResult<Array> read_line_items(const Object& given);
  StripeResult<Object> read_price(const Object& item, const std::string& param);
  const Object* recoverable(std::string_view path) const;
  StripeResult<Object*> find(const std::string& id);

  StripeState& state_;
  Payments& payments_;
  MovableClock& clock_;
};

}  // namespace claimcheck::sandbox
