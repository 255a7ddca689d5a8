// PayPage: the hosted payment page of a session, <base>/c/pay/<id>. There a person or a browser
// test pays, is declined, pays by bank debit or cancels. As at Stripe, the buyer is redirected to
// the success URL when the endpoint has answered checkout.session.completed, or after 10 s.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/stripe_state.hpp"
#include "sandbox/webhooks.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace claimcheck::sandbox {

class PayPage {
 public:
  PayPage(StripeState& state, Payments& payments, Webhooks& webhooks, MovableClock& clock)
      : state_(state), payments_(payments), webhooks_(webhooks), clock_(clock) {}

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request);

 private:
  HttpResponse show(const Object& session, std::string_view message) const;
  boost::asio::awaitable<HttpResponse> act(std::string session, std::string action);
  boost::asio::awaitable<void> wait_for_delivery(std::string event);

  StripeState& state_;
  Payments& payments_;
  Webhooks& webhooks_;
  MovableClock& clock_;
};

}  // namespace claimcheck::sandbox
