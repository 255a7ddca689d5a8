#include "api/api.hpp"

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

// PATCH may change the prompt, so it is as long as a checkout's.
constexpr std::size_t patch_body_bytes_max = checkout_body_bytes_max;

// Rules that several rows share.
constexpr Rules open_to_all{.access = Access::anyone};
// Anybody can ask for a status at any rate, and each question is a call to Redis.
constexpr Rules open_status{.access = Access::anyone, .limit = Limit::status_requests};
// For what would be stored and then lost: checkouts and events get 503, so shop and Stripe come
// again.
constexpr Rules open_while_safe{.access = Access::anyone, .when = When::store_is_safe};
constexpr Rules operator_reads{.access = Access::reads};
// With a body, and it changes nothing: a search, a sign-out.
constexpr Rules operator_asks{.access = Access::reads, .body_bytes_max = operator_body_bytes_max};
constexpr Rules operator_acts{.access = Access::acts, .body_bytes_max = operator_body_bytes_max};

constexpr Rules with_body(Rules rules, std::size_t bytes_max) {
  rules.body_bytes_max = bytes_max;
  return rules;
}

AdmissionOptions admission_options(const ApiOptions& options) {
  return {.operators = options.operators,
          .public_url = options.public_url,
          .store_is_safe = options.store_is_safe,
          .status_requests = options.status_requests,
          .wrong_tokens = options.wrong_tokens};
}

CheckoutGuard checkout_guard(const ApiOptions& options) {
  return {.shop_keys = options.shop_keys,
          .turnstile = options.turnstile,
          .limits = options.checkout_limits};
}

Mode mode_of(const ApiOptions& options) { return options.live_mode ? Mode::live : Mode::test; }

}  // namespace

// A row states who may call it; no code below checks that again.
std::vector<Route> Api::table() {
  std::vector<Route> routes = buyer_table();
  for (std::vector<Route> more : {operator_table(), page_table()}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  return routes;
}

// What buyers, shops and Stripe call.
std::vector<Route> Api::buyer_table() {
  const Rules checkout = with_body(open_while_safe, checkout_body_bytes_max);
  const Rules event = with_body(open_while_safe, webhook_body_bytes_max);
  const Rules call = with_body(open_while_safe, callback_body_bytes_max);
  const Rules question = with_body(open_while_safe, find_body_bytes_max);
  const auto buyer = [this](auto code) { return route_to(buyer_, code); };
  const auto found = [this](auto code) { return route_to(find_, code); };
  const auto stripe = route_to(webhook_, &WebhookRoute::receive);
  const auto file = route_to(files_, &FileRoute::file);
  // clang-format off
  return {
      {"POST", "/api/create-checkout", checkout, buyer(&BuyerRoutes::create_checkout)},
      {"GET", "/api/stripe-prices", open_to_all, buyer(&BuyerRoutes::stripe_prices)},
      {"GET", "/api/webhook-status/{}", open_status, buyer(&BuyerRoutes::order_status)},
      {"GET", "/api/webhook-status/{}/events", open_status, buyer(&BuyerRoutes::order_events)},
      {"POST", "/api/prompt/{}", checkout, route_to(prompt_, &PromptRoute::decide)},
      {"GET", "/api/file/{}", open_status, file},
      {"GET", "/api/result/{}", open_status, route_to(results_, &ResultRoute::result)},
      {"POST", "/api/find-orders", question, found(&FindRoutes::ask)},
      {"GET", "/api/found-orders/{}", open_to_all, found(&FindRoutes::orders)},
      {"POST", "/api/webhooks/stripe", event, stripe},
      {"POST", "/api/webhooks/generators/{}", call, route_to(callbacks_, &CallbackRoute::receive)},
  };
  // clang-format on
}

std::vector<Route> Api::operator_table() {
  const Rules patch = with_body(operator_acts, patch_body_bytes_max);
  // The page must be open to a person who has not signed in yet.
  const Rules way_in{.access = Access::login};
  const Rules login{.access = Access::login,
                    .limit = Limit::token_guesses,
                    .body_bytes_max = operator_body_bytes_max};
  const auto reads = [this](auto code) { return route_to(operator_, code); };
  const auto lists = [this](auto code) { return route_to(lists_, code); };
  const auto acts = [this](auto code) { return route_to(actions_, code); };
  const auto messages = [this](auto code) { return route_to(notifications_, code); };
  const auto sign_in = route_to(sign_in_, &SignInRoutes::login);
  const auto sign_out = route_to(sign_in_, &SignInRoutes::logout);
  using Notes = NotificationRoutes;
  // clang-format off
  return {
      {"GET", "/ops", way_in, route_to(pages_, &PageRoutes::operator_page)},
      {"GET", "/ops/login", way_in, route_to(sign_in_, &SignInRoutes::signed_in)},
      {"POST", "/ops/login", login, sign_in},
      {"POST", "/ops/logout", operator_asks, sign_out},
      {"GET", "/api/ops/stats", operator_reads, reads(&OperatorRoutes::stats)},
      {"GET", "/api/ops/sessions", operator_reads, reads(&OperatorRoutes::orders)},
      {"GET", "/api/ops/sessions/{}", operator_reads, reads(&OperatorRoutes::order)},
      {"GET", "/api/ops/counts", operator_reads, lists(&ListRoutes::counts)},
      {"GET", "/api/ops/sales", operator_reads, lists(&ListRoutes::sales)},
      {"GET", "/api/ops/orders.csv", operator_reads, lists(&ListRoutes::csv)},
      {"POST", "/api/ops/search", operator_asks, reads(&OperatorRoutes::search)},
      {"GET", "/metrics", operator_reads, reads(&OperatorRoutes::metrics)},
      {"PATCH", "/api/sessions/{}", patch, reads(&OperatorRoutes::patch)},
      {"POST", "/api/ops/sessions/{}/actions", operator_acts, acts(&ActionRoutes::decide)},
      {"POST", "/api/ops/breaker/release", operator_acts, acts(&ActionRoutes::release_breaker)},
      {"POST", "/api/ops/checkout/pause", operator_acts, acts(&ActionRoutes::pause_checkout)},
      {"POST", "/api/ops/checkout/resume", operator_acts, acts(&ActionRoutes::resume_checkout)},
      {"POST", "/api/ops/held/retry", operator_acts, acts(&ActionRoutes::retry_held)},
      {"POST", "/api/ops/held/decide", operator_acts, route_to(held_, &HeldRoutes::decide)},
      {"POST", "/api/ops/generator/refund", operator_acts, acts(&ActionRoutes::refund_waiting)},
      {"GET", "/api/ops/notifications", operator_reads, messages(&Notes::list)},
      {"POST", "/api/ops/notifications/retry", operator_acts, messages(&Notes::retry_all)},
      {"POST", "/api/ops/notifications/{}/retry", operator_acts, messages(&Notes::retry)},
  };
  // clang-format on
}

// What browsers and machines open.
std::vector<Route> Api::page_table() {
  const auto pages = [this](auto code) { return route_to(pages_, code); };
  const auto at_stripe = [this](auto code) { return route_to(stripe_pages_, code); };
  const auto old = [this](auto code) { return route_to(find_, code); };
  // clang-format off
  return {
      {"GET", "/pay/{}", open_to_all, at_stripe(&StripePageRoutes::payment)},
      {"GET", "/receipt/{}", open_to_all, at_stripe(&StripePageRoutes::receipt)},

      {"GET", "/", open_to_all, pages(&PageRoutes::home)},
      {"GET", "/left", open_to_all, pages(&PageRoutes::left)},
      {"GET", "/payment-success/{}", open_to_all, pages(&PageRoutes::payment_success)},
      {"GET", "/{locale}/payment-success/{}", open_to_all, pages(&PageRoutes::payment_success)},
      {"GET", "/find-file", open_to_all, pages(&PageRoutes::find_orders)},
      {"GET", "/{locale}/find-file", open_to_all, pages(&PageRoutes::find_orders)},
      {"GET", "/orders/{}", open_to_all, pages(&PageRoutes::found_orders)},
      {"GET", "/{locale}/orders/{}", open_to_all, pages(&PageRoutes::found_orders)},
      {"GET", "/session/{}", open_to_all, old(&FindRoutes::session_page)},
      {"GET", "/{locale}/session/{}", open_to_all, old(&FindRoutes::session_page)},
      {"GET", "/file/{}", open_to_all, old(&FindRoutes::file_page)},
      {"GET", "/{locale}/file/{}", open_to_all, old(&FindRoutes::file_page)},
      {"GET", "/claimcheck.js", open_to_all, pages(&PageRoutes::component)},
      {"GET", "/assets/{}", open_to_all, pages(&PageRoutes::asset)},
      {"GET", "/favicon.ico", open_to_all, pages(&PageRoutes::favicon)},
      {"GET", "/robots.txt", open_to_all, pages(&PageRoutes::robots)},
      {"GET", "/healthz", open_to_all, pages(&PageRoutes::healthz)},
      {"GET", "/readyz", open_while_safe, pages(&PageRoutes::readyz)},
  };
  // clang-format on
}

Api::Api(Context& context, Checkout& checkout, Visits& visits, StatusCache& orders,
         OrderEvents& events, Statistics& statistics, const PriceList& prices,
         OrdersByMail& orders_by_mail, ApiOptions options)
    : clients_(options.trusted_proxies),
      origins_(options.cors_origins),
      admission_(context.clock, clients_, admission_options(options)),
      checkout_admission_(context, clients_, checkout_guard(options)),
      buyer_(
          {.clock = context.clock,
           .store = context.store,
           .catalog = context.catalog,
           .checkout = checkout,
           .visits = visits,
           .orders = orders,
           .events = events,
           .statistics = statistics,
           .prices = prices,
           .admission = checkout_admission_,
           .queue_of = [&context](std::string id) { return queue_place(context, std::move(id)); }},
          mode_of(options)),
      prompt_(context, clients_, buyer_,
              {.screening = options.screening, .tries = options.refused_prompts}),
      files_(context.clock, context.store, context.generators),
      results_(context),
      webhook_(context, clients_, options.webhook_secrets, options.unsigned_webhooks),
      callbacks_(context, clients_, options.unsigned_webhooks),
      sign_in_(context, admission_, clients_, mode_of(options)),
      operator_(context, statistics, mode_of(options), options.shop.face),
      lists_(context, mode_of(options), options.shop.face),
      actions_(context),
      held_(context),
      notifications_(*context.store.outbox, context.channels),
      pages_(*context.store.marks, options.shop),
      stripe_pages_(context, clients_, pages_, options.stripe_pages),
      find_(context.clock, orders_by_mail, clients_, pages_, options.find_orders,
            options.found_orders),
      router_(table(), route_to(pages_, &PageRoutes::nothing), admission_, origins_,
              context.metrics) {}

}  // namespace claimcheck
