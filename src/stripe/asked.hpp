// Asked: is an answer about the object that was asked for? A mixed-up connection or cache, of a
// proxy or of Stripe itself, may give the answer about another object. Such an answer says nothing
// (ambiguous) and is logged at once: nothing in it may be believed, or money would move on the
// facts of another order. Every member that an answer has is compared; a member that it leaves out
// is not.
#pragma once

#include "base/error.hpp"
#include "net/http/http.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace claimcheck::stripe {

// What an answer must say, if it says it at all; empty = not compared.
struct Asked {
  std::string_view object;  // "checkout.session"
  std::string_view id;
  std::string_view payment_intent;
  std::optional<bool> livemode;
};

// Errors of both: ambiguous, already logged.
Result<void> check_asked(const boost::json::value& told, const Asked& asked);
// For an answer to a POST: Stripe repeats the key of the request.
Result<void> check_key(const HttpResponse& answer, std::string_view idempotency_key);
// sk_live_…: true, sk_test_…: false; nothing for a key of another form.
std::optional<bool> mode_of(std::string_view secret_key);

}  // namespace claimcheck::stripe
