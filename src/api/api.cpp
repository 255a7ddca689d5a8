#include "api/api.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

struct Api::Route {
  std::string_view method;
  std::string_view path;  // "{}" stands for one segment, "{locale}" for two letters
  Answer (Api::*handler)(HttpRequest, std::string);
  std::size_t body_bytes_max = 0;
};

const std::vector<Api::Route>& Api::routes() {
  static const std::vector<Route> table = {
      {"POST", "/api/create-checkout", &Api::create_checkout, checkout_body_bytes_max},
      {"POST", "/api/webhooks/stripe", &Api::stripe_webhook, webhook_body_bytes_max},
      {"GET", "/api/webhook-status/{}", &Api::order_status},
      {"GET", "/api/webhook-status/{}/events", &Api::order_events},
      {"PATCH", "/api/sessions/{}", &Api::patch_session, patch_body_bytes_max},
      {"POST", "/api/ops/sessions/{}/actions", &Api::order_action, operator_body_bytes_max},
      {"POST", "/api/ops/breaker/release", &Api::release_breaker, operator_body_bytes_max},
      {"POST", "/api/ops/held/retry", &Api::retry_held, operator_body_bytes_max},
      {"POST", "/api/ops/generator/refund", &Api::refund_waiting, operator_body_bytes_max},
      {"GET", "/api/file/{}", &Api::file},
      {"GET", "/api/stripe-prices", &Api::stripe_prices},
      {"GET", "/payment-success/{}", &Api::payment_success},
      {"GET", "/{locale}/payment-success/{}", &Api::payment_success},
      {"GET", "/claimcheck.js", &Api::component},
      {"GET", "/assets/{}", &Api::asset},
      {"GET", "/", &Api::home},
      {"GET", "/healthz", &Api::healthz},
      {"GET", "/readyz", &Api::readyz},
      {"GET", "/metrics", &Api::metrics},
      {"GET", "/ops", &Api::ops_page},
      {"POST", "/ops/login", &Api::ops_login, operator_body_bytes_max},
      {"POST", "/ops/logout", &Api::ops_logout, operator_body_bytes_max},
      {"GET", "/api/ops/stats", &Api::ops_stats},
      {"GET", "/api/ops/sessions", &Api::ops_sessions},
      {"GET", "/api/ops/sessions/{}", &Api::ops_session},
      {"POST", "/api/ops/search", &Api::ops_search, operator_body_bytes_max},
      {"GET", "/api/ops/notifications", &Api::notifications},
      {"POST", "/api/ops/notifications/retry", &Api::retry_notifications, operator_body_bytes_max},
      {"POST", "/api/ops/notifications/{}/retry", &Api::retry_notification,
       operator_body_bytes_max},
  };
  return table;
}

namespace {

std::string_view next_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash);
  return segment;
}

bool is_locale(std::string_view text) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return text.size() == 2 && std::ranges::all_of(text, lower);
}

bool matches(std::string_view pattern, std::string_view path, std::string& argument) {
  if (pattern == "/" || path == "/") return pattern == path;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view given = next_segment(path);
    if (wanted == "{}") {
      if (given.empty()) return false;
      argument = given;
    } else if (wanted == "{locale}") {
      if (!is_locale(given)) return false;
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

int status_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::invalid: return 400;
    case RefusalKind::unknown: return 404;
    case RefusalKind::conflict: return 409;
    case RefusalKind::limited: return 429;
    case RefusalKind::stripe_unavailable: return 502;
    case RefusalKind::stripe_busy:
    case RefusalKind::store_unavailable: return 503;
    case RefusalKind::unreadable: return 500;
  }
  return 500;
}

// HEAD is GET without the body; the server leaves the body out.
std::string_view routed_method(const HttpRequest& request) {
  return request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
}

}  // namespace

Api::Api(Context& context, Checkout& checkout, Visits& visits, OrderEvents& events,
         Statistics& statistics, ApiOptions options)
    : context_(context),
      checkout_(checkout),
      visits_(visits),
      events_(events),
      statistics_(statistics),
      options_(std::move(options)),
      checkouts_(options_.checkouts),
      checkout_bytes_(options_.checkout_bytes),
      questions_(options_.questions),
      unsigned_webhooks_(options_.unsigned_webhooks),
      wrong_tokens_(options_.wrong_tokens),
      sign_in_(options_.admin_token, options_.public_url) {}

const Api::Route* Api::find_route(const HttpRequest& request, std::string& argument,
                                  std::string& allowed) const {
  for (const Route& route : routes()) {
    std::string found;
    if (!matches(route.path, request.path, found)) continue;
    if (route.method == routed_method(request)) {
      argument = std::move(found);
      return &route;
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return nullptr;
}

std::size_t Api::body_limit(const HttpRequest& head) const {
  std::string argument;
  std::string allowed;
  const Route* route = find_route(head, argument, allowed);
  return route == nullptr ? 0 : route->body_bytes_max;
}

boost::asio::awaitable<HttpResponse> Api::handle(HttpRequest request) {
  std::string argument;
  std::string allowed;
  const Route* route = find_route(request, argument, allowed);
  HttpResponse response;
  // Only what the headers need outlives the handler.
  HttpRequest head{.method = request.method, .headers = request.headers};
  if (route != nullptr) {
    response = co_await (this->*route->handler)(std::move(request), std::move(argument));
  } else if (request.method == "OPTIONS" && !allowed.empty()) {
    response = preflight(request, allowed);
  } else if (!allowed.empty()) {
    response = error_response(405, "this method is not allowed here", "method_not_allowed");
    response.headers.push_back({"allow", allowed});
  } else {
    response = error_response(404, "there is nothing at this address", "no_such_route");
  }
  add_common_headers(head, response);
  context_.metrics.count(Counter::http_responses, fmt::format("{}xx", response.status / 100));
  co_return response;
}

std::optional<HttpResponse> Api::refuse_new() const {
  if (!options_.trouble || options_.trouble().empty()) return std::nullopt;
  return error_response(503, "nothing new can be kept safely now", "store_unsafe");
}

bool Api::allowed_origin(const std::string& origin) const {
  return std::ranges::find(options_.cors_origins, origin) != options_.cors_origins.end();
}

HttpResponse Api::preflight(const HttpRequest& request, const std::string& allowed) const {
  HttpResponse response{.status = 204};
  const std::string* origin = find_header(request.headers, "origin");
  if (origin != nullptr && allowed_origin(*origin)) {
    response.headers.push_back({"access-control-allow-methods", allowed});
    response.headers.push_back({"access-control-allow-headers", "content-type, idempotency-key"});
    response.headers.push_back({"access-control-max-age", "600"});
  }
  return response;
}

void Api::add_common_headers(const HttpRequest& request, HttpResponse& response) const {
  if (find_header(response.headers, "cache-control") == nullptr) {
    response.headers.push_back({"cache-control", "no-store"});
  }
  response.headers.push_back({"x-content-type-options", "nosniff"});
  response.headers.push_back({"referrer-policy", "no-referrer"});
  const bool public_already =
      find_header(response.headers, "access-control-allow-origin") != nullptr;
  if (options_.cors_origins.empty() || public_already) return;
  response.headers.push_back({"vary", "Origin"});
  const std::string* origin = find_header(request.headers, "origin");
  if (origin == nullptr || !allowed_origin(*origin)) return;
  response.headers.push_back({"access-control-allow-origin", *origin});
}

// A bearer is never sent by a browser on its own, a cookie is: what comes with one must be ours.
std::optional<HttpResponse> Api::refuse_operator(const HttpRequest& request) {
  if (sign_in_.off()) {
    return error_response(404, "operator routes are off: CLAIMCHECK_ADMIN_TOKEN is not set",
                          "operator_routes_off");
  }
  if (sign_in_.has_cookie(request, context_.clock.now())) {
    const bool reads = routed_method(request) == "GET";
    if (reads || sign_in_.from_our_page(request)) return std::nullopt;
    return error_response(403, "only the operator's own page may change something with its cookie",
                          "foreign_page");
  }
  const bool shown = find_header(request.headers, "authorization") != nullptr;
  if (auto refused = shown ? refuse_guesser(request) : std::nullopt) return refused;
  if (sign_in_.has_bearer(request)) return std::nullopt;
  if (shown) wrong_tokens_.take(client_of(request), 1, context_.clock.steady());
  HttpResponse response =
      error_response(401, "this needs the operator's bearer token", "unauthorized");
  response.headers.push_back({"www-authenticate", "Bearer"});
  return response;
}

std::optional<HttpResponse> Api::refuse_guesser(const HttpRequest& request) {
  const Duration wait = wrong_tokens_.wait(client_of(request), 1, context_.clock.steady());
  if (wait == Duration(0)) return std::nullopt;
  return too_often_response("too many wrong tokens from this address; wait and try again", wait);
}

std::optional<HttpResponse> Api::refuse_hasty(const HttpRequest& request) {
  const Duration wait = questions_.take(client_of(request), 1, context_.clock.steady());
  if (wait == Duration(0)) return std::nullopt;
  return too_often_response("too many questions from this address; wait and try again", wait);
}

// The signature was looked at first: whoever floods us must not keep Stripe's events out, which may
// come through the same proxy.
HttpResponse Api::refuse_unsigned(const HttpRequest& request) {
  const Duration wait = unsigned_webhooks_.take(client_of(request), 1, context_.clock.steady());
  if (wait == Duration(0)) return error_response(400, "Invalid signature", "invalid_event");
  return too_often_response("too many webhooks without a valid signature; wait and try again",
                            wait);
}

// The address that limits count. Only a trusted proxy's word is taken for somebody else's, and
// then the last entry that is not a trusted proxy itself: earlier ones are the client's to invent.
std::string Api::client_of(const HttpRequest& request) const {
  const auto trusted = [this](std::string_view address) {
    return std::ranges::find(options_.trusted_proxies, address) != options_.trusted_proxies.end();
  };
  if (!trusted(request.peer)) return request.peer;
  const std::string forwarded = joined_headers(request.headers, "x-forwarded-for");
  std::string_view rest = forwarded;
  while (!rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    std::string_view entry = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!trusted(entry) && !entry.empty()) return std::string(entry.substr(0, 64));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  return request.peer;
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.push_back({"content-type", "application/json; charset=utf-8"});
  return response;
}

HttpResponse error_response(int status, std::string_view message, std::string_view code,
                            std::string_view param) {
  std::string body =
      fmt::format(R"({{"error":{},"code":{})", json::print(message), json::print(code));
  if (!param.empty()) body += fmt::format(R"(,"param":{})", json::print(param));
  return json_response(status, body + "}");
}

HttpResponse refusal_response(const Refusal& refusal) {
  HttpResponse response =
      error_response(status_of(refusal.kind), refusal.message, refusal.code, refusal.param);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(refusal.retry_after).count();
  if (seconds > 0) response.headers.push_back({"retry-after", std::to_string(seconds)});
  return response;
}

HttpResponse too_often_response(std::string_view message, Duration wait) {
  HttpResponse response = error_response(429, message, "rate_limited");
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.headers.push_back({"retry-after", std::to_string(seconds)});
  return response;
}

HttpResponse store_error_response(const Error& error) {
  if (error.code == Errc::not_found) return error_response(404, "no such order", "not_found");
  if (error.code == Errc::unreadable) {
    return error_response(500, "this order's data cannot be read; a person must look at it",
                          "unreadable");
  }
  HttpResponse response =
      error_response(503, "the order store does not answer; try again", "store_unavailable");
  response.headers.push_back({"retry-after", "2"});
  return response;
}

}  // namespace claimcheck
