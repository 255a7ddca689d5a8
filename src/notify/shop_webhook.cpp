#include "notify/shop_webhook.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "domain/news.hpp"
#include "domain/view.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

std::string member(std::string_view name, std::string_view json) {
  return fmt::format(",{}:{}", json::print(name), json);
}

std::string dispute_json(const Dispute& dispute) {
  const std::string due = dispute.due_us == 0 ? "" : to_iso(from_us(dispute.due_us));
  std::string text = R"({"id":)" + json::print(std::string_view(dispute.id));
  text += member("status", json::print(std::string_view(dispute.status)));
  text += member("reason", json::print(std::string_view(dispute.reason)));
  text += member("amount", fmt::to_string(dispute.amount_minor));
  text += member("currency", json::print(std::string_view(dispute.currency)));
  text += member("answerBy", due.empty() ? "null" : json::print(std::string_view(due)));
  return text + "}";
}

std::string order_json(const std::string& session_id, const Claim& claim) {
  const View view = view_of(claim);
  const auto units_in = [&claim](UnitState state) {
    return fmt::to_string(std::ranges::count(claim.units, state, &Unit::state));
  };
  std::string text = R"({"sessionId":)" + json::print(std::string_view(session_id));
  text += member("status", json::print(name_of(view.status)));
  text += member("createdAt", json::print(std::string_view(to_iso(from_us(claim.created_us)))));
  text += member("livemode", claim.livemode ? "true" : "false");
  text += member("toolSlug", json::print(std::string_view(slug_of(claim))));
  text += member("amount", fmt::to_string(claim.amount_minor));
  text += member("currency", json::print(std::string_view(claim.currency)));
  text += member("videoCount", fmt::to_string(claim.units.size()));
  text += member("deliveredCount", units_in(UnitState::delivered));
  text += member("refundedCount", units_in(UnitState::refunded));
  text += member("files", json_files(view.files));
  if (view.refund) text += member("refund", json_refund(*view.refund));
  if (!claim.dispute.id.empty()) text += member("dispute", dispute_json(claim.dispute));
  if (view.notice) text += member("notice", json::print(name_of(*view.notice)));
  if (view.error) text += member("error", json::print(std::string_view(*view.error)));
  if (view.message) text += member("message", json::print(std::string_view(*view.message)));
  return text + "}";
}

Delivery judged(const Result<HttpResponse>& answer, Time now) {
  if (!answer) return {.reception = Reception::away, .why = answer.error().message};
  const int status = answer->status;
  const bool away = status == 429 || status >= 500;
  Delivery delivery{.reception = away ? Reception::away : Reception::refused, .status = status};
  if (status >= 200 && status < 300) delivery.reception = Reception::taken;
  if (status == 410) {
    delivery.reception = Reception::gone;
    delivery.why = "the receiver wants no more";
  }
  if (status == 429 || status == 503) delivery.wait = asked_wait(answer->headers, now);
  return delivery;
}

}  // namespace

std::string standard_signature(std::string_view id, std::int64_t unix_s, std::string_view body,
                               const std::vector<Secret>& keys) {
  const std::string content = fmt::format("{}.{}.{}", id, unix_s, body);
  std::string header;
  for (const Secret& key : keys) {
    if (!header.empty()) header += ' ';
    header += "v1," + hmac_sha256_base64(key.reveal(), content);
  }
  return header;
}

std::string webhook_body(const Letter& letter, const Claim& claim) {
  return fmt::format(R"({{"type":"{}","timestamp":"{}","data":{}}})", news_type(letter.news),
                     to_iso(from_us(letter.first_us)), order_json(letter.session, claim));
}

Duration asked_wait(const HttpHeaders& headers, Time now) {
  const std::string* text = find_header(headers, "retry-after");
  if (text == nullptr) return Duration(0);
  std::int64_t seconds = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, failed] = std::from_chars(text->data(), end, seconds);
  constexpr std::int64_t most = asked_wait_max / std::chrono::seconds(1);
  if (failed == std::errc() && stop == end) {
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
  }
  const std::optional<Time> date = from_http_date(*text);
  return date ? std::clamp(*date - now, Duration(0), asked_wait_max) : Duration(0);
}

ShopWebhook::ShopWebhook(Context& context, HttpClient& http, ShopWebhookOptions options)
    : context_(context), http_(http), options_(std::move(options)) {}

boost::asio::awaitable<Delivery> ShopWebhook::deliver(Letter letter) {
  const Result<Claim> claim = co_await context_.store.load(letter.session);
  const Delivery forgotten{.reception = Reception::gone, .why = "the order is not known any more"};
  if (!claim) co_return not_loaded(claim.error(), forgotten);
  const std::int64_t now_s = to_unix_s(context_.clock.now());
  HttpCall call;
  call.method = "POST";
  call.url = options_.url;
  call.body = webhook_body(letter, *claim);
  call.headers = {
      {"content-type", "application/json"},
      {"user-agent", "claimcheck"},
      {"webhook-id", letter.id},
      {"webhook-timestamp", fmt::to_string(now_s)},
      {"webhook-signature", standard_signature(letter.id, now_s, call.body, options_.keys)}};
  call.timeout = options_.timeout;
  call.answer_bytes_max = options_.answer_bytes_max;
  call.cut_answer = true;
  const Result<HttpResponse> answer = co_await http_.send(std::move(call));
  co_return judged(answer, context_.clock.now());
}

}  // namespace claimcheck
