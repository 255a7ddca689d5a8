// StripeApi: the imitation of api.stripe.com: keys, parameters, idempotency, the table of
// operations, and answers with Stripe's headers. Faults act between these parts: during a delay the
// idempotency key is in use, and an answer that a fault replaces after execution is the one that is
// kept.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/call_limit.hpp"
#include "sandbox/checkouts.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/idempotency.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/stripe_call.hpp"
#include "sandbox/stripe_state.hpp"
#include "sandbox/webhook_endpoints.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>
#include <vector>

namespace claimcheck::sandbox {

class StripeApi {
 public:
  struct Options {
    std::string secret_key;  // empty = any sk_test_… or rk_test_…
    std::string account;     // whose keys they are
    Duration keys_kept;
    std::int64_t calls_per_second = 0;  // 0 = no limit
    std::string webhook_url;  // of the endpoint that is there from the start; empty = none
  };
  StripeApi(StripeState& state, Payments& payments, Checkouts& checkouts, Events& events,
            MovableClock& clock, const Options& options)
      : state_(state),
        payments_(payments),
        checkouts_(checkouts),
        events_(events),
        clock_(clock),
        idempotency_(clock, options.keys_kept),
        call_limit_(clock, options.calls_per_second),
        secret_key_(options.secret_key),
        account_(options.account) {
    if (!options.webhook_url.empty()) webhook_endpoints_.add_first(options.webhook_url);
  }

  // From now on this key lacks these of Stripe's permissions ("rak_charge_write"); none = it has
  // all.
  void restrict_key(const std::string& key, std::vector<std::string> lacks) {
    restricted_[key] = std::move(lacks);
  }

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request, Fault fault);

 private:
  struct Operation;
  struct Outcome {
    HttpResponse response;
    bool keep = false;  // under the idempotency key
  };
  static const Operation* operation_of(const StripeCall& call);
  std::optional<StripeError> check_key(const HttpRequest& request) const;
  // Of a restricted key. Checked before the parameters and before the object is looked for.
  std::optional<StripeError> check_right(const StripeCall& call, const std::string& key) const;
  boost::asio::awaitable<Outcome> carry_out(StripeCall call, Fault fault);
  Outcome execute(const StripeCall& call);

  StripeResult<Object> retrieve_event(const StripeCall& call);
  StripeResult<Object> list_events(const StripeCall& call);
  StripeResult<Object> retrieve_intent(const StripeCall& call);
  StripeResult<Object> retrieve_charge(const StripeCall& call);
  StripeResult<Object> list_charges(const StripeCall& call);
  StripeResult<Object> update_charge(const StripeCall& call);
  StripeResult<Object> create_refund(const StripeCall& call);
  StripeResult<Object> retrieve_refund(const StripeCall& call);
  StripeResult<Object> list_refunds(const StripeCall& call);
  StripeResult<Object> retrieve_dispute(const StripeCall& call);
  StripeResult<Object> list_disputes(const StripeCall& call);
  StripeResult<Object> retrieve_price(const StripeCall& call);

  StripeState& state_;
  Payments& payments_;
  Checkouts& checkouts_;
  Events& events_;
  MovableClock& clock_;
  Idempotency idempotency_;
  CallLimit call_limit_;
  std::string secret_key_;
  std::string account_;
  WebhookEndpoints webhook_endpoints_{clock_};
  std::map<std::string, std::vector<std::string>> restricted_;  // by key
};

}  // namespace claimcheck::sandbox
