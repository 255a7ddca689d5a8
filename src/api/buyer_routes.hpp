// BuyerRoutes: what a shop's page asks for a buyer: prices, a checkout, the status of an order and
// its changes as they come. Open to anybody, so each is limited by address. A session id is all a
// buyer has to show: whoever knows it sees the order. Owned by Api, borrows what it is given.
#pragma once

#include "api/answer_types.hpp"
#include "api/clients.hpp"
#include "api/order_events.hpp"
#include "api/rate_limit.hpp"
#include "api/router.hpp"
#include "flow/checkout.hpp"
#include "flow/payment.hpp"
#include "report/statistics.hpp"

#include <string>

namespace claimcheck {

// Largest body of a checkout, in bytes. JSON may spell a prompt with escapes.
inline constexpr std::size_t checkout_body_bytes_max = 2 * prompt_bytes_max + 64 * 1024;

struct CheckoutLimits {
  RateLimitOptions checkouts = {.burst = 60, .per_second = 1};
  // A prompt is kept for weeks, paid or not.
  RateLimitOptions bytes = {.burst = 32.0 * 1024 * 1024, .per_second = 128.0 * 1024};
};

class BuyerRoutes {
 public:
  struct Parts {
    Clock& clock;
    Store& store;
    const Catalog& catalog;
    Checkout& checkout;
    Visits& visits;
    OrderEvents& events;
    const Statistics& statistics;
    const Clients& clients;
  };
  BuyerRoutes(Parts parts, CheckoutLimits limits, Mode mode);

  Answer create_checkout(HttpRequest request);
  Answer stripe_prices();
  Answer order_status(std::string session_id);
  Answer order_events(HttpRequest request, std::string session_id);

 private:
  Duration wait_before_checkout(const HttpRequest& request);

  Parts parts_;
  RateLimit checkouts_;
  RateLimit checkout_bytes_;
  Mode mode_;
};

}  // namespace claimcheck
