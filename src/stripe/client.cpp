#include "stripe/client.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "stripe/retry.hpp"

#include <fmt/format.h>

#include <random>

namespace claimcheck::stripe {

namespace {

std::string encode(const Form& form) {
  std::string body;
  for (const auto& [name, value] : form) {
    if (!body.empty()) body += '&';
    body += name + '=' + url_encode(value);
  }
  return body;
}

double jitter() {
  static std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

std::string_view result_label(const Result<HttpResponse>& answer) {
  if (!answer) return "no_answer";
  if (answer->status < 300) return "ok";
  if (answer->status == 429) return "rate_limited";
  return answer->status < 500 ? "refused" : "server_error";
}

// Ids where nothing was expanded, objects where it was.
void read_payment(const boost::json::value& body, CheckoutSession& session) {
  session.payment_intent = json::text_at(body, "payment_intent");
  const boost::json::value* intent = json::find(body, "payment_intent");
  if (intent == nullptr || !intent->is_object()) return;
  session.payment_intent = json::text_at(*intent, "id");
  session.payment_intent_status = json::text_at(*intent, "status");
  session.charge = json::text_at(*intent, "latest_charge");
  const boost::json::value* charge = json::find(*intent, "latest_charge");
  if (charge == nullptr || !charge->is_object()) return;
  session.charge = json::text_at(*charge, "id");
  session.amount_refunded = json::integer_at(*charge, "amount_refunded");
  session.disputed = json::bool_at(*charge, "disputed");
}

void read_line_item(const boost::json::value& body, CheckoutSession& session) {
  const boost::json::value* items = json::find(body, "line_items", "data");
  if (items == nullptr || !items->is_array() || items->get_array().empty()) return;
  const boost::json::value& first = items->get_array().front();
  session.quantity = json::integer_at(first, "quantity");
  if (const auto* price = json::find(first, "price")) session.price = json::text_at(*price, "id");
}

Result<CheckoutSession> read_answer(const Result<HttpResponse>& answer) {
  if (!answer) return fail(answer);
  if (answer->status < 200 || answer->status >= 300) return std::unexpected(error_of(*answer));
  return read_checkout(*answer);
}

}  // namespace

std::string CheckoutParams::form() const {
  Form form = {{"mode", "payment"},
               {"line_items[0][price]", price},
               {"line_items[0][quantity]", std::to_string(quantity)},
               {"success_url", success_url},
               {"cancel_url", cancel_url}};
  if (!customer_email.empty()) form.emplace_back("customer_email", customer_email);
  form.emplace_back("metadata[video_count]", std::to_string(video_count));
  form.emplace_back("metadata[tool]", tool);
  return encode(form);
}

Client::Client(HttpClient& http, Clock& clock, Metrics& metrics, Options options)
    : http_(http), clock_(clock), metrics_(metrics), options_(std::move(options)) {}

HttpCall Client::call(std::string method, const std::string& path) const {
  HttpCall call;
  call.method = std::move(method);
  call.url = options_.url + path;
  call.headers = {{"accept", "application/json"},
                  {"content-type", "application/x-www-form-urlencoded"},
                  {"user-agent", "claimcheck/0.1"},
                  {"stripe-version", std::string(api_version)},
                  {"authorization", "Bearer " + options_.key.reveal()}};
  call.timeout = options_.timeout;
  return call;
}

boost::asio::awaitable<Result<HttpResponse>> Client::send(HttpCall call) {
  for (int retries = 0;; ++retries) {
    Result<HttpResponse> answer = co_await http_.send(call);
    metrics_.count(Counter::stripe_requests, result_label(answer));
    const RetryDecision decision = retry_decision(answer, retries);
    if (!decision.again) co_return answer;
    log_warn("stripe_retry", {{"reason", decision.reason}, {"retry", retries + 1}});
    co_await clock_.sleep(retry_delay(retries, jitter()));
  }
}

boost::asio::awaitable<Result<CheckoutSession>> Client::create_checkout(
    CheckoutParams params, std::string idempotency_key) {
  HttpCall request = call("POST", "/v1/checkout/sessions");
  request.headers.push_back({"idempotency-key", std::move(idempotency_key)});
  request.body = params.form();
  const Result<HttpResponse> answer = co_await send(std::move(request));
  co_return read_answer(answer);
}

boost::asio::awaitable<Result<CheckoutSession>> Client::retrieve_checkout(std::string id,
                                                                          Expand expand) {
  std::string path =
      "/v1/checkout/sessions/" + url_encode(id) + "?expand[0]=payment_intent.latest_charge";
  if (expand == Expand::payment_and_line_items) path += "&expand[1]=line_items";
  HttpCall request = call("GET", path);
  const Result<HttpResponse> answer = co_await send(std::move(request));
  co_return read_answer(answer);
}

boost::asio::awaitable<Result<CheckoutSession>> Client::expire_checkout(
    std::string id, std::string idempotency_key) {
  HttpCall request = call("POST", "/v1/checkout/sessions/" + url_encode(id) + "/expire");
  request.headers.push_back({"idempotency-key", std::move(idempotency_key)});
  const Result<HttpResponse> answer = co_await send(std::move(request));
  co_return read_answer(answer);
}

Error error_of(const HttpResponse& answer) {
  const std::string* request_id = find_header(answer.headers, "request-id");
  const Result<boost::json::value> body = json::parse(answer.body);
  const boost::json::value* error = body ? json::find(*body, "error") : nullptr;
  const auto word = [error](std::string_view name) {
    return error == nullptr ? std::string_view() : json::text_at(*error, name);
  };
  const std::string_view code = word("code").empty() ? word("type") : word("code");
  std::string message = fmt::format("Stripe answered {} {}", answer.status, code);
  if (!word("param").empty()) message += fmt::format(" ({})", word("param"));
  if (request_id != nullptr) message += ", " + *request_id;

  Errc kind = Errc::unavailable;
  if (answer.status == 404) kind = Errc::not_found;
  if (answer.status == 400 || answer.status == 402) kind = Errc::invalid;
  if (answer.status >= 500) kind = Errc::ambiguous;
  return {kind, std::move(message)};
}

Result<CheckoutSession> read_checkout(const HttpResponse& answer) {
  const Result<boost::json::value> body = json::parse(answer.body);
  if (!body) return fail(Errc::ambiguous, "Stripe's answer is not JSON");
  CheckoutSession session;
  session.id = json::text_at(*body, "id");
  if (session.id.empty()) return fail(Errc::ambiguous, "Stripe's answer has no session id");
  session.url = json::text_at(*body, "url");
  session.status = json::text_at(*body, "status");
  session.payment_status = json::text_at(*body, "payment_status");
  session.amount_total = json::integer_at(*body, "amount_total");
  session.currency = json::text_at(*body, "currency");
  session.livemode = json::bool_at(*body, "livemode");
  session.created = json::integer_at(*body, "created");
  session.expires_at = json::integer_at(*body, "expires_at");
  if (const auto* metadata = json::find(*body, "metadata")) {
    session.tool = json::text_at(*metadata, "tool");
  }
  read_payment(*body, session);
  read_line_item(*body, session);
  const std::string* replayed = find_header(answer.headers, "idempotent-replayed");
  session.replayed = replayed != nullptr && *replayed == "true";
  return session;
}

}  // namespace claimcheck::stripe
