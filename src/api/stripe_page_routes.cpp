#include "api/stripe_page_routes.hpp"

#include "api/answers.hpp"
#include "domain/session.hpp"

namespace claimcheck {

namespace {

HttpResponse see_other(std::string url) {
  HttpResponse response{.status = 303, .body = {}};
  response.headers.push_back({"location", std::move(url)});
  return response;
}

}  // namespace

Answer StripePageRoutes::go(HttpRequest request, std::string session_id, Ask ask) {
  if (!is_session_id(session_id)) co_return co_await pages_.nothing(std::move(request));
  const Duration wait = asked_.take(clients_.client_of(request), 1, clock_.steady());
  if (wait > Duration(0)) {
    co_return pages_.later(
        request,
        too_often_response("too many requests from this address; wait and try again", wait));
  }
  StripePages::Address address = co_await (stripe_.*ask)(session_id);
  if (!address) co_return pages_.later(request, refusal_response(address.error()));
  if (address->empty()) co_return see_other("/payment-success/" + session_id);
  co_return see_other(std::move(*address));
}

Answer StripePageRoutes::payment(HttpRequest request, std::string session_id) {
  return go(std::move(request), std::move(session_id), &StripePages::payment);
}

Answer StripePageRoutes::receipt(HttpRequest request, std::string session_id) {
  return go(std::move(request), std::move(session_id), &StripePages::receipt);
}

}  // namespace claimcheck
