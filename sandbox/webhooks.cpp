#include "sandbox/webhooks.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck::sandbox {

namespace {

constexpr Duration answer_timeout = std::chrono::seconds(30);
constexpr Duration interval_max = std::chrono::seconds(30);
constexpr Duration give_up_after = std::chrono::days(3);

}  // namespace

std::vector<std::string> split_secrets(const std::string& text) {
  std::vector<std::string> secrets;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) secrets.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return secrets;
}

std::string signature_header(const std::vector<std::string>& secrets, std::int64_t unix_s,
                             std::string_view body) {
  const std::string signed_text = fmt::format("{}.{}", unix_s, body);
  std::string header = fmt::format("t={}", unix_s);
  for (const std::string& secret : secrets) {
    header += ",v1=" + hmac_sha256_hex(secret, signed_text);
  }
  return header + ",v0=" + hmac_sha256_hex("fake", signed_text);
}

Webhooks::Webhooks(HttpClient& http, MovableClock& clock, Agenda& agenda, Tasks& tasks,
                   Faults& faults, Endpoint endpoint)
    : http_(http),
      clock_(clock),
      agenda_(agenda),
      tasks_(tasks),
      faults_(faults),
      endpoint_(std::move(endpoint)) {}

void Webhooks::resume() {
  paused_ = false;
  for (DeliveryPtr& delivery : std::exchange(waiting_, {})) attempt(std::move(delivery));
}

void Webhooks::send(const Object& event) {
  if (endpoint_.url.empty()) return;
  const Fault fault = faults_.draw("WEBHOOK " + text_of(event, "type"));
  // Stripe would repeat a lost attempt; this fault loses the whole event.
  if (fault.drop) return;
  start(event, fault.copies, fault.delay);
}

void Webhooks::resend(const Object& event, std::int64_t copies) {
  if (!endpoint_.url.empty()) start(event, copies, Duration(0));
}

void Webhooks::start(const Object& event, std::int64_t copies, Duration delay) {
  for (std::int64_t i = 0; i < copies; ++i) {
    auto delivery = std::make_shared<Delivery>();
    delivery->event = text_of(event, "id");
    delivery->type = text_of(event, "type");
    delivery->body = pretty(event);
    delivery->give_up = clock_.now() + give_up_after;
    if (delay > Duration(0)) {
      agenda_.after(delay, [this, delivery] { attempt(delivery); });
    } else {
      attempt(std::move(delivery));
    }
  }
}

void Webhooks::attempt(DeliveryPtr delivery) {
  if (paused_) {
    waiting_.push_back(std::move(delivery));
  } else {
    tasks_.start(deliver(std::move(delivery)));
  }
}

boost::asio::awaitable<void> Webhooks::deliver(DeliveryPtr delivery) {
  HttpCall call;
  call.method = "POST";
  call.url = endpoint_.url;
  call.headers = {
      {"content-type", "application/json; charset=utf-8"},
      {"user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"},
      {"stripe-signature",
       signature_header(endpoint_.secrets, to_unix_s(clock_.outside_now()), delivery->body)}};
  call.body = delivery->body;
  call.timeout = answer_timeout;
  // A repetition by the library would be an attempt that is not recorded.
  call.send_once = true;
  ++delivery->attempt;
  const Time sent = clock_.now();
  const Result<HttpResponse> answer = co_await http_.send(std::move(call));
  const int status = answer ? answer->status : 0;
  attempts_.push_back({delivery->event, delivery->type, delivery->attempt, status, sent});
  if (status >= 200 && status < 300) {
    delivered_.insert(delivery->event);
    co_return;
  }
  if (clock_.now() > delivery->give_up) co_return;
  agenda_.after(delivery->interval, [this, delivery] { attempt(delivery); });
  delivery->interval = std::min(2 * delivery->interval, interval_max);
}

}  // namespace claimcheck::sandbox
