#include "api/checkout_admission.hpp"

#include "api/answers.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::string_view token_member = "cf-turnstile-response";
// When to come back: nobody knows when a person resumes, or Cloudflare is there again.
constexpr Duration by_hand_wait = std::chrono::minutes(5);
constexpr Duration turnstile_wait = std::chrono::seconds(5);

std::string text_member(const HttpRequest& request, std::string_view name) {
  const Result<boost::json::object> members = json::parse_body(request.body);
  if (!members) return {};  // what is wrong with it is said when the order is read
  return std::string(json::text_at(boost::json::value(*members), name));
}

// Tokens as the time in which they come back.
GateCost cost_of(double tokens, const RateLimitOptions& limit) {
  const auto time = [&limit](double of) {
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(of / limit.per_second));
  };
  return {.cost = time(tokens), .burst = time(limit.burst)};
}

HttpResponse come_back(HttpResponse response, Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.headers.push_back({"retry-after", fmt::to_string(std::max<std::int64_t>(seconds, 1))});
  return response;
}

HttpResponse paused_response(const CheckoutPause& pause, Time now) {
  return come_back(
      error_response(503, "no new checkouts are opened at present; orders that exist go on",
                     "checkout_paused"),
      pause.automatic() ? pause.until - now : by_hand_wait);
}

HttpResponse too_many_response(Duration wait) {
  return too_often_response("too many checkouts from this address; wait and try again",
                            std::chrono::ceil<std::chrono::seconds>(wait));
}

}  // namespace

CheckoutAdmission::CheckoutAdmission(Context& context, const Clients& clients, CheckoutGuard guard)
    : context_(context),
      clients_(clients),
      guard_(std::move(guard)),
      checkouts_(guard_.limits.checkouts),
      bytes_(guard_.limits.bytes) {}

boost::asio::awaitable<std::expected<AdmittedCheckout, HttpResponse>> CheckoutAdmission::admit(
    const HttpRequest& request) {
  bool is_signed = false;
  if (!guard_.shop_keys.empty()) {
    const ShopSignature seen =
        check_shop_signature(request, guard_.shop_keys, context_.clock.now());
    is_signed = seen == ShopSignature::good;
    // A wrong signature is told, also where a token of Turnstile would do.
    const bool by_token = seen == ShopSignature::none && turnstile_on();
    if (!is_signed && !by_token) co_return refuse(request, 401, code_of(seen), sentence_of(seen));
  }
  const auto client = counted(request, is_signed);
  if (!client) co_return std::unexpected(client.error());
  const Admitted let_in = co_await ask_gate(*client, request.body.size());
  if (!let_in) co_return std::unexpected(let_in.error());
  // Last, since the question spends the buyer's token.
  if (!is_signed && turnstile_on()) {
    const Admitted person = co_await ask_turnstile(request);
    if (!person) co_return std::unexpected(person.error());
  }
  AdmittedCheckout admitted;
  if (is_signed) admitted.call_id = *find_header(request.headers, "webhook-id");
  co_return admitted;
}

bool CheckoutAdmission::turnstile_on() const {
  return guard_.turnstile != nullptr && !guard_.turnstile->off();
}

// A signed call comes from the shop's server, for any of its buyers. The signature covers whom it
// names, so that buyer counts; without a name the shop does, by larger limits.
std::expected<CheckoutAdmission::Counted, HttpResponse> CheckoutAdmission::counted(
    const HttpRequest& request, bool is_signed) const {
  // The body of an unsigned call is not parsed before its limits: a flood would cost that time.
  if (!is_signed) return Counted{.client = clients_.client_of(request)};
  const std::string buyer = text_member(request, "buyerIp");
  if (buyer.empty()) {
    return Counted{.client = "shop", .share = 1 / guard_.limits.shop_factor};
  }
  const std::optional<IpAddress> address = read_ip(buyer);
  if (!address) {
    return std::unexpected(error_response(400, "buyerIp must be an IPv4 or IPv6 address",
                                          "invalid_buyer_ip", "buyerIp"));
  }
  return Counted{.client = client_network(*address)};
}

boost::asio::awaitable<CheckoutAdmission::Admitted> CheckoutAdmission::ask_gate(Counted counted,
                                                                                std::size_t bytes) {
  // First this process' own count, which is never stricter: a flood costs Redis nothing.
  if (const Duration wait = own_wait(counted, bytes); wait > Duration(0)) {
    co_return std::unexpected(too_many_response(wait));
  }
  const CheckoutLimits& limits = guard_.limits;
  const auto size = static_cast<double>(bytes);
  const Result<GateAnswer> answer = co_await context_.store.gate->ask_gate(
      {.client = counted.client,
       .checkout = cost_of(counted.share, limits.checkouts),
       .bytes = cost_of(size * counted.share, limits.bytes)});
  if (answer && answer->pause) {
    context_.metrics.count(Counter::checkouts, "checkout_paused");
    co_return std::unexpected(paused_response(*answer->pause, context_.clock.now()));
  }
  if (answer && answer->wait > Duration(0)) {
    co_return std::unexpected(too_many_response(answer->wait));
  }
  // Also counted here, which is all that counts while Redis is away.
  take_own(counted, bytes);
  co_return Admitted();
}

Duration CheckoutAdmission::own_wait(const Counted& counted, std::size_t bytes) const {
  const Duration now = context_.clock.steady();
  return std::max(checkouts_.wait(counted.client, counted.share, now),
                  bytes_.wait(counted.client, static_cast<double>(bytes) * counted.share, now));
}

void CheckoutAdmission::take_own(const Counted& counted, std::size_t bytes) {
  const Duration now = context_.clock.steady();
  checkouts_.take(counted.client, counted.share, now);
  bytes_.take(counted.client, static_cast<double>(bytes) * counted.share, now);
}

boost::asio::awaitable<CheckoutAdmission::Admitted> CheckoutAdmission::ask_turnstile(
    const HttpRequest& request) {
  std::string token = text_member(request, token_member);
  if (token.empty() || token.size() > turnstile_token_bytes_max) {
    co_return refuse(request, 401, "turnstile_missing",
                     "send the token of the Turnstile widget as cf-turnstile-response",
                     token_member);
  }
  switch (co_await guard_.turnstile->verify(std::move(token))) {
    case TurnstileAnswer::good: co_return Admitted();
    case TurnstileAnswer::invalid:
      co_return refuse(request, 403, "turnstile_failed", "Cloudflare did not give this token",
                       token_member);
    case TurnstileAnswer::spent:
      co_return refuse(request, 403, "turnstile_spent",
                       "this token was used before or is older than five minutes: reset the widget",
                       token_member);
    case TurnstileAnswer::setup:
      context_.repeated.warn("turnstile_setup", "Cloudflare refuses CLAIMCHECK_TURNSTILE_SECRET",
                             {"status", 503}, context_.clock.steady());
      break;
    case TurnstileAnswer::away: break;
  }
  std::unexpected<HttpResponse> away = refuse(request, 503, "turnstile_unavailable",
                                              "Cloudflare did not say whether this is a person");
  co_return std::unexpected(come_back(std::move(away.error()), turnstile_wait));
}

std::unexpected<HttpResponse> CheckoutAdmission::refuse(const HttpRequest& request, int status,
                                                        std::string_view code,
                                                        std::string_view sentence,
                                                        std::string_view member) {
  // Anybody can cause this line at any rate, so equal lines are counted together.
  context_.repeated.warn("checkout_refused", code, {"client", clients_.client_of(request)},
                         context_.clock.steady());
  context_.metrics.count(Counter::checkouts, code);
  return std::unexpected(error_response(status, sentence, code, member));
}

}  // namespace claimcheck
