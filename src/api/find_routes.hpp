// FindRoutes: how a buyer who has lost the link finds the orders again, and the addresses that the
// replaced system had for that. Open to anybody, and limited by client. The answer to a question
// says nothing about the address: what is known goes there by mail. Owned by Api, borrows what it
// is given.
#pragma once

#include "api/clients.hpp"
#include "api/page_routes.hpp"
#include "api/rate_limit.hpp"
#include "api/router.hpp"
#include "flow/orders_by_mail.hpp"

#include <string>

namespace claimcheck {

inline constexpr std::size_t find_body_bytes_max = 4 * 1024;

class FindRoutes {
 public:
  FindRoutes(Clock& clock, OrdersByMail& mail, const Clients& clients, PageRoutes& pages,
             RateLimitOptions asked, RateLimitOptions shown)
      : clock_(clock),
        mail_(mail),
        clients_(clients),
        pages_(pages),
        asked_(asked),
        shown_(shown) {}

  // 202 for each address. Errors: 400, 404 when no mail is sent here, 429, 503.
  Answer ask(HttpRequest request);
  // The orders that a mailed link shows. Errors: 404 for a wrong link, 410 for one that has ended,
  // 429, 503.
  Answer orders(HttpRequest request, std::string link);

  // 302 to the page of the order; 404 as a page.
  Answer session_page(HttpRequest request, std::string session_id);
  // 302 to the page of the order that `session_id` in the query names, else to the page that finds
  // orders.
  Answer file_page(HttpRequest request);

 private:
  Clock& clock_;
  OrdersByMail& mail_;
  const Clients& clients_;
  PageRoutes& pages_;
  RateLimit asked_;
  RateLimit shown_;
};

}  // namespace claimcheck
