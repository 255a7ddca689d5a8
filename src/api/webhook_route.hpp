// WebhookRoute: POST /api/webhooks/stripe. Stripe gets its 200 only after the event's order was
// made due in Redis. Any doubt is an error, so that Stripe sends the event again. The signature is
// checked over the raw bytes before they are parsed. Owned by Api, borrows what it is given.
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
  // A signature with any of the secrets is good: there are two while one is being replaced.
  WebhookRoute(Context& context, const Clients& clients, std::vector<Secret> secrets,
               RateLimitOptions unsigned_webhooks);

  // Errors: 400 (unsigned, or no event), 429 for unsigned ones, 503 when the event was not stored.
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
