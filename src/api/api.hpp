// Api: the HTTP face. One constant table of routes; each handler reads the request, asks one story
// of flow/ or the store, and turns the outcome into a status and JSON. Errors name what was wrong
// and never a peer's detail. Private answers are never cached; other web origins see nothing
// unless they are configured. Owned by the service; borrows everything it is given.
#pragma once

#include "api/order_events.hpp"
#include "api/rate_limit.hpp"
#include "api/sign_in.hpp"
#include "base/secret.hpp"
#include "base/sweep.hpp"
#include "flow/checkout.hpp"
#include "flow/payment.hpp"
#include "net/http/http.hpp"
#include "report/statistics.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace claimcheck {

struct ApiOptions {
  std::vector<Secret> webhook_secrets;
  Secret admin_token;  // empty = operator routes are off
  std::vector<std::string> cors_origins;
  std::vector<std::string> trusted_proxies;
  std::string public_url;
  bool live_mode = false;
  std::string shop_url;  // for pages that lead back to the shop; empty = not known
  // Why nothing new may be accepted at present; empty = it may.
  std::function<const std::string&()> trouble = {};
  RateLimitOptions checkouts = {.burst = 60, .per_second = 1};
  RateLimitOptions checkout_bytes = {.burst = 32.0 * 1024 * 1024, .per_second = 128.0 * 1024};
  // Of a status or a file. A page asks every two seconds, and an office shares one address.
  RateLimitOptions questions = {.burst = 1000, .per_second = 200};
  // Of webhooks that Stripe did not sign. Those that it did are taken from any client at any rate.
  RateLimitOptions unsigned_webhooks = {.burst = 60, .per_second = 1};
  // Of wrong operator's tokens; when they are used up, right ones of that client wait as well.
  RateLimitOptions wrong_tokens = {.burst = 20, .per_second = 0.2};
};

// Largest bodies, in bytes. JSON may spell a prompt with escapes.
inline constexpr std::size_t checkout_body_bytes_max = 2 * prompt_bytes_max + 64 * 1024;
inline constexpr std::size_t webhook_body_bytes_max = 2 * 1024 * 1024;
inline constexpr std::size_t patch_body_bytes_max = checkout_body_bytes_max;
inline constexpr std::size_t operator_body_bytes_max = 16 * 1024;

class Api {
 public:
  Api(Context& context, Checkout& checkout, Visits& visits, OrderEvents& events,
      Statistics& statistics, ApiOptions options);

  boost::asio::awaitable<HttpResponse> handle(HttpRequest request);
  // What the server may read for a request with this head.
  std::size_t body_limit(const HttpRequest& head) const;

 private:
  struct Route;
  using Answer = boost::asio::awaitable<HttpResponse>;
  static const std::vector<Route>& routes();
  const Route* find_route(const HttpRequest& request, std::string& argument,
                          std::string& allowed) const;

  Answer create_checkout(HttpRequest request, std::string argument);
  Answer stripe_webhook(HttpRequest request, std::string argument);
  Answer order_status(HttpRequest request, std::string session_id);
  Answer order_events(HttpRequest request, std::string session_id);
  Answer patch_session(HttpRequest request, std::string session_id);
  Answer order_action(HttpRequest request, std::string session_id);
  Answer release_breaker(HttpRequest request, std::string argument);
  Answer retry_held(HttpRequest request, std::string argument);
  Answer refund_waiting(HttpRequest request, std::string argument);
  Answer file(HttpRequest request, std::string file_id);
  Answer stripe_prices(HttpRequest request, std::string argument);
  Answer payment_success(HttpRequest request, std::string session_id);
  Answer home(HttpRequest request, std::string argument);
  Answer component(HttpRequest request, std::string argument);
  Answer asset(HttpRequest request, std::string name);
  Answer healthz(HttpRequest request, std::string argument);
  Answer readyz(HttpRequest request, std::string argument);
  Answer metrics(HttpRequest request, std::string argument);
  Answer ops_page(HttpRequest request, std::string argument);
  Answer ops_login(HttpRequest request, std::string argument);
  Answer ops_logout(HttpRequest request, std::string argument);
  Answer ops_stats(HttpRequest request, std::string argument);
  Answer ops_sessions(HttpRequest request, std::string argument);
  Answer ops_search(HttpRequest request, std::string argument);
  Answer ops_session(HttpRequest request, std::string session_id);
  Answer notifications(HttpRequest request, std::string argument);
  Answer retry_notification(HttpRequest request, std::string id);
  Answer retry_notifications(HttpRequest request, std::string argument);

  // Nothing = new orders and events may be kept; else the 503 that says no.
  std::optional<HttpResponse> refuse_new() const;
  // Nothing = the operator; else the answer that says no.
  std::optional<HttpResponse> refuse_operator(const HttpRequest& request);
  std::optional<HttpResponse> refuse_guesser(const HttpRequest& request);
  // Nothing = this client may ask now; else the 429 that says when.
  std::optional<HttpResponse> refuse_hasty(const HttpRequest& request);
  // The answer to a webhook that Stripe did not sign.
  HttpResponse refuse_unsigned(const HttpRequest& request);
  std::string client_of(const HttpRequest& request) const;
  void add_common_headers(const HttpRequest& request, HttpResponse& response) const;
  bool allowed_origin(const std::string& origin) const;
  HttpResponse preflight(const HttpRequest& request, const std::string& allowed) const;

  struct CachedFile {
    std::string body;
    Duration fresh_until;
  };
  void keep_file(std::string file_id, CachedFile file);

  Context& context_;
  Checkout& checkout_;
  Visits& visits_;
  OrderEvents& events_;
  Statistics& statistics_;
  ApiOptions options_;
  RateLimit checkouts_;
  RateLimit checkout_bytes_;
  RateLimit questions_;
  RateLimit unsigned_webhooks_;
  RateLimit wrong_tokens_;
  SignIn sign_in_;
  std::unordered_map<std::string, CachedFile> files_;
  SweepMark files_sweep_;
};

// {"error":…,"code":…,"param":…}
HttpResponse error_response(int status, std::string_view message, std::string_view code,
                            std::string_view param = {});
HttpResponse json_response(int status, std::string body);
// 429, and when to come back.
HttpResponse too_often_response(std::string_view message, Duration wait);
// What a story refused, with its code and, if there is one, the member at fault.
HttpResponse refusal_response(const Refusal& refusal);
// Errors of the store as an answer: 404 or 503, or 500 for what cannot be read.
HttpResponse store_error_response(const Error& error);

}  // namespace claimcheck
