// WebhookRoute: POST /api/webhooks/stripe. Stripe gets its 200 only after the event's order is made
// due in Redis; anything doubtful is an error, so that Stripe sends again. The signature is checked
// over the raw bytes before anything of them is read. Owned by Api, borrows what it is given.
#pragma once

#include "api/clients.hpp"
#include "api/rate_limit.hpp"
#include "api/router.hpp"
#include "base/secret.hpp"
#include "flow/payment.hpp"

#include <vector>

namespace claimcheck {

inline constexpr std::size_t webhook_body_bytes_max = 2 * 1024 * 1024;

class WebhookRoute {
 public:
  // Any of the secrets is good: there are two while one is changed.
  WebhookRoute(Context& context, const Clients& clients, std::vector<Secret> secrets,
               RateLimitOptions unsigned_webhooks);

  Answer receive(HttpRequest request);

 private:
  // The answer to a webhook that Stripe did not sign.
  HttpResponse refuse_unsigned(const HttpRequest& request);

  Context& context_;
  const Clients& clients_;
  std::vector<Secret> secrets_;
  RateLimit unsigned_webhooks_;
};

}  // namespace claimcheck
