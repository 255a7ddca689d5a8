// Ledger: the record of what really happened, for tests to compare with: Stripe's state, webhook
// deliveries, generations with their exact inputs, and every request that came in, without its key.
// Requests to the control routes and the shop page are not recorded.
#pragma once

#include "sandbox/faults.hpp"
#include "sandbox/generator.hpp"
#include "sandbox/provider_jobs.hpp"
#include "sandbox/stripe_state.hpp"
#include "sandbox/webhooks.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::size_t requests_kept = 20'000;
inline constexpr std::size_t request_body_kept = 64 * 1024;

class Ledger {
 public:
  Ledger(const StripeState& state, const Webhooks& webhooks, const Generator& generator,
         const ProviderJobs& jobs)
      : state_(state), webhooks_(webhooks), generator_(generator), jobs_(jobs) {}

  // A request and its answer; status 0 = the connection was dropped.
  void record(const HttpRequest& request, const Fault& fault, int status, Time at);
  // All parts, or those in the comma list `only`.
  Object describe(std::string_view only) const;

 private:
  Array sessions() const;
  Array events() const;
  Array deliveries() const;
  // Of all providers, with their inputs and with the digest of the prompt.
  Array generations() const;

  const StripeState& state_;
  const Webhooks& webhooks_;
  const Generator& generator_;
  const ProviderJobs& jobs_;
  std::deque<Object> requests_;
};

}  // namespace claimcheck::sandbox
