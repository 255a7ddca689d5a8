// Asked: is an answer about what was asked? A mixed-up connection or cache, of a proxy or of
// Stripe's own, may give the answer about another object. Such an answer says nothing (ambiguous),
// and is told of at once: nothing of it may be believed, or money moves on another order's facts.
// Whatever an answer tells is compared; what it leaves out is not.
#pragma once

#include "base/error.hpp"
#include "net/http/http.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace claimcheck::stripe {

// What an answer must say, as far as it says it; empty = not asked for.
struct Asked {
  std::string_view object;  // "checkout.session"
  std::string_view id;
  std::string_view payment_intent;
  std::optional<bool> livemode;
};

Result<void> check_asked(const boost::json::value& told, const Asked& asked);
// Of an answer to a POST: Stripe repeats the key that came with it.
Result<void> check_key(const HttpResponse& answer, std::string_view idempotency_key);
// sk_live_… true, sk_test_… false; nothing for a key of another form.
std::optional<bool> mode_of(std::string_view secret_key);

}  // namespace claimcheck::stripe
