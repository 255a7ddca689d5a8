#include "stripe/setup.hpp"

#include "base/json.hpp"
#include "base/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::stripe {

namespace {

// A checkout is expired, a charge changed and a payment refunded that do not exist: each is
// answered by 404 or 400, and by 403 before that when the right is missing.
constexpr auto rights = std::to_array<Right>({
    {"Checkout Sessions: Write", "POST", "/v1/checkout/sessions/cs_test_claimcheckdoctor/expire",
     ""},
    {"Charges and Refunds: Write", "POST", "/v1/charges/ch_claimcheckdoctor", ""},
    {"Charges and Refunds: Write", "POST", "/v1/refunds", "charge=ch_claimcheckdoctor"},
    {"PaymentIntents: Read", "GET", "/v1/payment_intents/pi_claimcheckdoctor", ""},
    {"Events: Read", "GET", "/v1/events?limit=1", ""},
    {"Disputes: Read", "GET", "/v1/disputes?limit=1", ""},
});

WebhookEndpoint read_endpoint(const boost::json::value& body) {
  WebhookEndpoint endpoint;
  endpoint.id = json::text_at(body, "id");
  endpoint.url = json::text_at(body, "url");
  endpoint.enabled = json::text_at(body, "status") == "enabled";
  endpoint.api_version = json::text_at(body, "api_version");
  endpoint.secret = json::text_at(body, "secret");
  const boost::json::value* events = json::find(body, "enabled_events");
  if (events == nullptr || !events->is_array()) return endpoint;
  for (const boost::json::value& event : events->get_array()) {
    if (event.is_string()) endpoint.events.emplace_back(event.get_string());
  }
  return endpoint;
}

Result<boost::json::value> body_of(const Result<HttpResponse>& answer) {
  if (!answer) return fail(answer);
  if (answer->status >= 300) return std::unexpected(error_of(*answer));
  Result<boost::json::value> body = json::parse(answer->body);
  if (!body) return fail(Errc::ambiguous, "Stripe's answer is not JSON");
  return body;
}

}  // namespace

std::span<const Right> needed_rights() { return rights; }

boost::asio::awaitable<Result<HttpResponse>> Setup::send(std::string_view method, std::string path,
                                                         std::string form) {
  HttpCall call;
  call.method = method;
  call.url = options_.url + path;
  call.headers = {{"accept", "application/json"},
                  {"content-type", "application/x-www-form-urlencoded"},
                  {"user-agent", user_agent},
                  {"stripe-version", std::string(api_version)},
                  {"authorization", "Bearer " + options_.key.reveal()}};
  // The endpoint belongs to the platform: it gets the events of all accounts that are connected.
  const bool of_platform = path.starts_with("/v1/webhook_endpoints");
  if (!options_.account.empty() && !of_platform) {
    call.headers.push_back({"stripe-account", options_.account});
  }
  call.body = std::move(form);
  call.timeout = options_.timeout;
  // A second copy would be a second endpoint.
  call.send_once = method != "GET";
  co_return co_await http_.send(std::move(call));
}

boost::asio::awaitable<Result<PriceFacts>> Setup::price(std::string id) {
  const Result<boost::json::value> body =
      body_of(co_await send("GET", "/v1/prices/" + url_encode(id), ""));
  if (!body) co_return fail(body);
  co_return read_price(*body);
}

boost::asio::awaitable<Result<std::vector<WebhookEndpoint>>> Setup::endpoints() {
  const Result<boost::json::value> body = body_of(
      co_await send("GET", fmt::format("/v1/webhook_endpoints?limit={}", page_elements), ""));
  if (!body) co_return fail(body);
  const boost::json::value* data = json::find(*body, "data");
  if (data == nullptr || !data->is_array()) {
    co_return fail(Errc::ambiguous, "Stripe's list has no data");
  }
  // An account has at most 16 for each mode; more would mean that the list is another one.
  if (json::bool_at(*body, "has_more")) {
    co_return fail(Errc::unavailable, "there are more webhook endpoints than can be read");
  }
  std::vector<WebhookEndpoint> endpoints;
  for (const boost::json::value& one : data->get_array()) endpoints.push_back(read_endpoint(one));
  co_return endpoints;
}

boost::asio::awaitable<Result<WebhookEndpoint>> Setup::create_endpoint(std::string url) {
  Form form = {{"url", std::move(url)},
               {"api_version", std::string(api_version)},
               {"description", "claimcheck"}};
  if (!options_.account.empty()) form.emplace_back("connect", "true");
  for (std::size_t i = 0; i < needed_events.size(); ++i) {
    form.emplace_back(fmt::format("enabled_events[{}]", i), needed_events[i]);
  }
  form.emplace_back(fmt::format("enabled_events[{}]", needed_events.size()), decline_event);
  const Result<boost::json::value> body =
      body_of(co_await send("POST", "/v1/webhook_endpoints", encode(form)));
  if (!body) co_return fail(body);
  WebhookEndpoint made = read_endpoint(*body);
  if (made.secret.empty()) co_return fail(Errc::ambiguous, "Stripe's answer has no secret");
  co_return made;
}

boost::asio::awaitable<Result<bool>> Setup::has(const Right& right) {
  const Result<HttpResponse> answer =
      co_await send(right.method, std::string(right.path), std::string(right.form));
  if (!answer) co_return fail(answer);
  if (answer->status == 403) co_return false;
  // 400 and 404 are verdicts about the object, which come after the one about the right.
  if (answer->status < 300 || answer->status == 400 || answer->status == 404) co_return true;
  co_return std::unexpected(error_of(*answer));
}

namespace {

bool sends(const WebhookEndpoint& endpoint, std::string_view event) {
  // "*" stands for all of them.
  return std::ranges::any_of(
      endpoint.events, [event](const std::string& one) { return one == event || one == "*"; });
}

}  // namespace

bool sends_declines(const WebhookEndpoint& endpoint) { return sends(endpoint, decline_event); }

std::vector<std::string> lacks_of(const WebhookEndpoint& endpoint) {
  std::vector<std::string> lacks;
  if (!endpoint.enabled) lacks.emplace_back("it is disabled");
  std::string missing;
  for (const std::string_view event : needed_events) {
    if (!sends(endpoint, event)) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", event);
  }
  if (!missing.empty()) lacks.push_back("it does not send " + missing);
  return lacks;
}

std::string other_version_of(const WebhookEndpoint& endpoint) {
  // "2026-10-28.endive": within one release the form of events does not change.
  const auto release = [](std::string_view version) {
    return version.substr(std::min(version.find('.'), version.size()));
  };
  if (endpoint.api_version.empty()) return "the account's default";
  return release(endpoint.api_version) == release(api_version) ? "" : endpoint.api_version;
}

}  // namespace claimcheck::stripe
