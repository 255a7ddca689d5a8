// Reads the little that is needed of a webhook event: its type, and its Checkout Session or, if it
// names none, its payment. An event is only a reason to refresh an order. Everything else is read
// from Stripe, so an old, repeated or reordered event can do no harm. Call only after
// check_signature said good.
#pragma once

#include "base/error.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck::stripe {

struct Event {
  std::string id;              // "evt_…"; empty when its form is another one
  std::string type;            // "checkout.session.completed"
  std::int64_t created_s = 0;  // when it happened; 0 = not known
  std::string session_id;      // empty when the event is not about a Checkout Session
  std::string payment_intent;  // of refunds and disputes
  std::string tool;            // metadata.tool of the session
  bool card_declined = false;  // a try to pay by card that failed
  std::string account;         // the connected account that it is about; empty = our own
};

// Errors: invalid (not JSON, not an event, a thin notification); the message is for the sender.
Result<Event> parse_event(std::string_view body);

// The same for an event that is parsed already, from Stripe's list.
Event read_event(const boost::json::value& event);

// The type as a metric label: "other" for an unknown one, so the number of labels is bounded.
std::string_view event_label(std::string_view type);

}  // namespace claimcheck::stripe
