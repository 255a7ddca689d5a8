#include "stripe/retry.hpp"

#include <algorithm>

namespace claimcheck::stripe {

RetryDecision retry_decision(const Result<HttpResponse>& answer, int retries) {
  if (retries >= retries_max) return {.again = false, .reason = "retries_used_up"};
  if (!answer) return {.again = true, .reason = "no_answer"};
  // Stripe's own advice goes before the status: it knows whether the request had an effect.
  const std::string* told = find_header(answer->headers, "stripe-should-retry");
  if (told != nullptr && *told == "true") return {.again = true, .reason = "told_to"};
  if (told != nullptr && *told == "false") return {.again = false, .reason = told_not_to};
  if (answer->status == 409) return {.again = true, .reason = "conflict"};
  if (answer->status >= 500) return {.again = true, .reason = "server_error"};
  return {.again = false, .reason = "final_answer"};
}

Duration retry_delay(int retries, double jitter) {
  // Bounded, so that the shift below cannot overflow.
  const int doublings = std::min(retries, 8);
  const Duration full = std::min(retry_delay_min * (1 << doublings), retry_delay_max);
  const auto shortened = static_cast<double>(full.count()) * (1.0 - jitter / 2);
  return std::max(Duration(static_cast<std::int64_t>(shortened)), retry_delay_min);
}

}  // namespace claimcheck::stripe
