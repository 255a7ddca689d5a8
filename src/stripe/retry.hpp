// When is a request to Stripe sent again? The rule of the official SDKs (stripe-node 23), as a pure
// function that also gives the reason. The caller keeps Idempotency-Key and body the same for all
// tries. Tested with answers that were recorded from the SDK.
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

// `retries`: how many were made already.
RetryDecision retry_decision(const Result<HttpResponse>& answer, int retries);

// Doubles with each retry up to the maximum. `jitter` in [0, 1) shortens it by up to a half, never
// below the minimum.
Duration retry_delay(int retries, double jitter);

}  // namespace claimcheck::stripe
