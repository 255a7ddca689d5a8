// When a request to Stripe is sent again: the rule of the official SDKs (stripe-node 23), as a
// pure function that says why. The caller keeps the Idempotency-Key and the body the same for all
// tries. Checked against answers recorded from the SDK.
#pragma once

#include "base/clock.hpp"
#include "net/http/http.hpp"

#include <string_view>

namespace claimcheck::stripe {

inline constexpr int retries_max = 2;
inline constexpr Duration retry_delay_min = std::chrono::milliseconds(500);
inline constexpr Duration retry_delay_max = std::chrono::seconds(5);

inline constexpr std::string_view told_not_to = "told_not_to";

struct RetryDecision {
  bool again = false;
  std::string_view reason;  // a fixed word for the log
};

// `retries` = how many were made already.
RetryDecision retry_decision(const Result<HttpResponse>& answer, int retries);

// Doubles per retry up to the maximum; `jitter` in [0, 1) takes up to half off, never below the
// minimum.
Duration retry_delay(int retries, double jitter);

}  // namespace claimcheck::stripe
