// StripePageRoutes: the buyer's ways to Stripe, the payment page and the receipt. Each answer is a
// redirect, and costs a read of Stripe, so it is limited by client. Open to anybody: the session id
// is the buyer's only proof. Owned by Api, borrows what it is given.
#pragma once

#include "api/clients.hpp"
#include "api/page_routes.hpp"
#include "api/rate_limit.hpp"
#include "api/router.hpp"
#include "flow/stripe_pages.hpp"

#include <string>

namespace claimcheck {

class StripePageRoutes {
 public:
  StripePageRoutes(Context& context, const Clients& clients, PageRoutes& pages,
                   RateLimitOptions limit)
      : clock_(context.clock), clients_(clients), pages_(pages), stripe_(context), asked_(limit) {}

  // 303 to an address at Stripe, or to the order's own page where there is none. Errors of both:
  // 404 for a malformed id, 429, 502 and 503 (Stripe or Redis); a browser gets them as a page.
  Answer payment(HttpRequest request, std::string session_id);
  Answer receipt(HttpRequest request, std::string session_id);

 private:
  using Ask = boost::asio::awaitable<StripePages::Address> (StripePages::*)(std::string);
  Answer go(HttpRequest request, std::string session_id, Ask ask);

  Clock& clock_;
  const Clients& clients_;
  PageRoutes& pages_;
  StripePages stripe_;
  RateLimit asked_;
};

}  // namespace claimcheck
