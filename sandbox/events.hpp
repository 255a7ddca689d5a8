// Events: makes Stripe's event about a change of an object, keeps it in Stripe's state, and gives
// it to Webhooks. The copy of the object in the event never changes afterwards. The callers
// (payments.cpp, refunds.cpp) decide which change makes which event.
#pragma once

#include "sandbox/agenda.hpp"
#include "sandbox/stripe_state.hpp"
#include "sandbox/webhooks.hpp"

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

// The API request that caused a change. Both are empty when the buyer or time caused it.
struct Cause {
  std::string request_id;
  std::string idempotency_key;
};

class Events {
 public:
  // `connected`: the id of the connected account that they are about; empty = the own one.
  Events(StripeState& state, MovableClock& clock, Webhooks& webhooks, std::string connected)
      : state_(state), clock_(clock), webhooks_(webhooks), connected_(std::move(connected)) {}

  // Returns the event's id.
  std::string emit(std::string_view type, const Object& object, const Cause& cause = {},
                   const Object& previous = {});
  // A thin notification (v2.core.event): names the object but does not contain it. It is sent, not
  // kept.
  std::string emit_thin(std::string_view type, const Object& object);
  // The endpoint has answered it with a 2xx.
  bool delivered(const std::string& event) const { return webhooks_.delivered(event); }

 private:
  StripeState& state_;
  MovableClock& clock_;
  Webhooks& webhooks_;
  std::string connected_;
};

}  // namespace claimcheck::sandbox
