// Setup: what an account at Stripe must have before the first buyer comes: its prices, the webhook
// endpoint, the rights of the key. `claimcheck doctor` asks, `claimcheck stripe setup` makes the
// endpoint; the server uses stripe/client.hpp only. One try for each call, since a person waits.
// All calls but create_endpoint() change nothing at Stripe. HTTP is borrowed.
#pragma once

#include "stripe/client.hpp"

#include <array>
#include <span>

namespace claimcheck::stripe {

// The events that the server needs at its webhook endpoint.
inline constexpr auto needed_events = std::to_array<std::string_view>(
    {"checkout.session.completed", "checkout.session.expired",
     "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
     "refund.updated", "refund.failed", "charge.refunded", "charge.dispute.created",
     "charge.dispute.updated", "charge.dispute.closed"});

// Those that it can do without: a try to pay by card that failed. Many in a short time pause the
// checkout.
inline constexpr std::string_view decline_event = "payment_intent.payment_failed";

struct WebhookEndpoint {
  std::string id;
  std::string url;
  bool enabled = false;
  std::string api_version;  // empty = the account's default one
  std::vector<std::string> events;
  std::string secret;  // only in the answer to create_endpoint()
};

// A right that a restricted key may lack, as Stripe's Dashboard names it.
struct Right {
  std::string_view name;  // "Checkout Sessions: Write"
  std::string_view method;
  std::string_view path;
  std::string_view form;  // names an object that cannot exist, so nothing is changed
};
// Those that the server needs.
std::span<const Right> needed_rights();

class Setup {
 public:
  Setup(HttpClient& http, Options options) : http_(http), options_(std::move(options)) {}

  // Errors of all: as those of Client, with `unavailable` for a refused key.
  boost::asio::awaitable<Result<PriceFacts>> price(std::string id);
  // All of the account. Errors: also unavailable, when they are more than can be read.
  boost::asio::awaitable<Result<std::vector<WebhookEndpoint>>> endpoints();
  boost::asio::awaitable<Result<WebhookEndpoint>> create_endpoint(std::string url);
  // Does the key have this right? An answer about the object that cannot exist is a yes.
  boost::asio::awaitable<Result<bool>> has(const Right& right);

 private:
  boost::asio::awaitable<Result<HttpResponse>> send(std::string_view method, std::string path,
                                                    std::string form);

  HttpClient& http_;
  Options options_;
};

// What a claimcheck that serves needs and the endpoint lacks, one text for each; empty = fits.
std::vector<std::string> lacks_of(const WebhookEndpoint& endpoint);
// Does it send the event of declined cards? Without it nothing breaks.
bool sends_declines(const WebhookEndpoint& endpoint);
// The API version of its events, when it is another release than the one that is read here. Only a
// doubt: of an event no more than type and ids are used.
std::string other_version_of(const WebhookEndpoint& endpoint);

}  // namespace claimcheck::stripe
