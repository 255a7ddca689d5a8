// Api: the HTTP interface: the tables of routes, and the groups that answer them.
// Each group gets only the parts that it needs. It reads the request, calls one story of flow/ or
// the store, and turns the result into a status and JSON. Private answers are never cached. Other
// web origins see nothing unless they are configured. Owned by the service; borrows everything it
// is given.
#pragma once

#include "api/action_routes.hpp"
#include "api/admission.hpp"
#include "api/buyer_routes.hpp"
#include "api/callback_route.hpp"
#include "api/checkout_admission.hpp"
#include "api/clients.hpp"
#include "api/file_route.hpp"
#include "api/find_routes.hpp"
#include "api/held_routes.hpp"
#include "api/list_routes.hpp"
#include "api/notification_routes.hpp"
#include "api/operator_routes.hpp"
#include "api/origins.hpp"
#include "api/page_routes.hpp"
#include "api/prompt_route.hpp"
#include "api/result_route.hpp"
#include "api/router.hpp"
#include "api/sign_in_routes.hpp"
#include "api/stripe_page_routes.hpp"
#include "api/webhook_route.hpp"

#include <functional>
#include <string>
#include <vector>

namespace claimcheck {

struct ApiOptions {
  std::vector<Secret> webhook_secrets;
  std::vector<Operator> operators;  // none = operator routes are off
  std::vector<std::string> cors_origins;
  IpRanges trusted_proxies;
  std::string public_url;
  bool live_mode = false;
  PageShop shop;
  // Whether new orders and events may be accepted at present; none = always.
  std::function<bool()> store_is_safe = {};
  CheckoutLimits checkout_limits;
  std::vector<Secret> shop_keys;   // that sign checkouts; none = no signature is needed
  Turnstile* turnstile = nullptr;  // null = off
  Screening* screening = nullptr;  // of prompts that replace refused ones; null = off
  // For a status or a file. A page asks every two seconds, and a whole office shares one address.
  RateLimitOptions status_requests = {.burst = 1000, .per_second = 200};
  // For webhooks without Stripe's signature. Signed ones are accepted from any client at any rate.
  RateLimitOptions unsigned_webhooks = {.burst = 60, .per_second = 1};
  // For the buyer's ways to Stripe: each costs a read there.
  RateLimitOptions stripe_pages = {.burst = 20, .per_second = 0.2};
  // For questions about lost orders, of one client.
  RateLimitOptions find_orders = {.burst = 5, .per_second = 1.0 / 60};
  // For other prompts of buyers whose prompt was refused: the shop may be asked about each.
  RateLimitOptions refused_prompts = {.burst = 20, .per_second = 0.2};
  // For what a mailed link shows: all orders of an address are read.
  RateLimitOptions found_orders = {.burst = 20, .per_second = 0.2};
  // For wrong operator's tokens. When they are used up, right ones of that client wait as well.
  RateLimitOptions wrong_tokens = {.burst = 20, .per_second = 0.2};
};

class Api {
 public:
  Api(Context& context, Checkout& checkout, Visits& visits, StatusCache& orders,
      OrderEvents& events, Statistics& statistics, const PriceList& prices,
      OrdersByMail& orders_by_mail, ApiOptions options);
  // Not copied: its parts point to one another.
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Every failure is an answer with a status, see Router.
  boost::asio::awaitable<HttpResponse> handle(HttpRequest request) {
    return router_.handle(std::move(request));
  }
  // The largest body that the server may read for a request with this head, in bytes.
  std::size_t body_limit(const HttpRequest& head) const { return router_.body_limit(head); }
  const std::vector<Route>& routes() const { return router_.routes(); }

 private:
  std::vector<Route> table();
  std::vector<Route> buyer_table();
  std::vector<Route> operator_table();
  std::vector<Route> page_table();

  Clients clients_;
  Origins origins_;
  Admission admission_;
  CheckoutAdmission checkout_admission_;
  BuyerRoutes buyer_;
  PromptRoute prompt_;
  FileRoute files_;
  ResultRoute results_;
  WebhookRoute webhook_;
  CallbackRoute callbacks_;
  SignInRoutes sign_in_;
  OperatorRoutes operator_;
  ListRoutes lists_;
  ActionRoutes actions_;
  HeldRoutes held_;
  NotificationRoutes notifications_;
  PageRoutes pages_;
  StripePageRoutes stripe_pages_;
  FindRoutes find_;
  Router router_;  // the last one: its table points to all of them
};

}  // namespace claimcheck
