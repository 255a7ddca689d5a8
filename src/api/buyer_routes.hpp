// BuyerRoutes: what a shop's page needs for a buyer: prices, a checkout, the status of an order,
// and its changes as a stream. Open to anybody, so each is limited by address. The session id is
// the buyer's only proof: anybody who has it sees the order. Owned by Api, borrows what it is
// given.
#pragma once

#include "api/answer_types.hpp"
#include "api/checkout_admission.hpp"
#include "api/order_events.hpp"
#include "api/router.hpp"
#include "api/status_cache.hpp"
#include "flow/checkout.hpp"
#include "flow/payment.hpp"
#include "report/price_list.hpp"
#include "report/queue_place.hpp"
#include "report/statistics.hpp"

#include <string>

namespace claimcheck {

// Largest body of a checkout, in bytes. JSON may spell a prompt with escapes.
inline constexpr std::size_t checkout_body_bytes_max = 2 * prompt_bytes_max + 64 * 1024;

class BuyerRoutes {
 public:
  struct Parts {
    Clock& clock;
    Store& store;
    const Catalog& catalog;
    Checkout& checkout;
    Visits& visits;
    StatusCache& orders;
    OrderEvents& events;
    const Statistics& statistics;
    const PriceList& prices;
    CheckoutAdmission& admission;
    QueueOf queue_of;
  };
  BuyerRoutes(Parts parts, Mode mode);

  // Errors: those of CheckoutAdmission, 400, 409 (idempotency key), 502 and 503 (Stripe or Redis).
  Answer create_checkout(HttpRequest request);
  Answer stripe_prices();
  // Errors of both: 400 for a malformed id, 404 for an unknown session, 500 if it is unreadable,
  // 503.
  Answer order_status(HttpRequest request, std::string session_id);
  Answer order_events(HttpRequest request, std::string session_id);

 private:
  Parts parts_;
  Mode mode_;
};

}  // namespace claimcheck
