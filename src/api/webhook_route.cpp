#include "api/webhook_route.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"

namespace claimcheck {

WebhookRoute::WebhookRoute(Context& context, const Clients& clients, std::vector<Secret> secrets,
                           RateLimitOptions unsigned_webhooks)
    : context_(context),
      clients_(clients),
      secrets_(std::move(secrets)),
      unsigned_webhooks_(unsigned_webhooks) {}

Answer WebhookRoute::receive(HttpRequest request) {
  const std::string* header = find_header(request.headers, "stripe-signature");
  std::string signature;
  if (header != nullptr) signature = *header;
  // Stripe sends one header. With two, this code and a proxy could each believe another one.
  if (count_headers(request.headers, "stripe-signature") > 1) signature.clear();
  if (request.body.empty()) co_return error_response(400, "Empty payload", "invalid_event");
  if (!signed_by_stripe(context_, request.body, signature, secrets_)) {
    co_return refuse_unsigned(request);
  }
  const Result<void> kept = co_await receive_event(context_, std::move(request.body));
  if (kept) co_return json_response(200, EventAnswer());
  if (kept.error().code == Errc::invalid) {
    co_return error_response(400, kept.error().message, "invalid_event");
  }
  // Not stored, or nobody knows: Stripe sends it again, and a second wake does no harm.
  co_return error_response(503, kept.error().message, "store_unavailable");
}

// The limit comes after the signature and counts only unsigned bodies. A flood must not keep out
// Stripe's events, which may come through the same proxy.
HttpResponse WebhookRoute::refuse_unsigned(const HttpRequest& request) {
  const Duration wait =
      unsigned_webhooks_.take(clients_.client_of(request), 1, context_.clock.steady());
  if (wait == Duration(0)) return error_response(400, "Invalid signature", "invalid_event");
  return too_often_response("too many webhooks without a valid signature; wait and try again",
                            wait);
}

}  // namespace claimcheck
