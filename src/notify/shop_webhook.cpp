#include "notify/shop_webhook.hpp"

#include "base/json_described.hpp"
#include "base/standard_signature.hpp"
#include "domain/notification.hpp"
#include "domain/view.hpp"
#include "notify/alert_notice.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

// The body that the shop gets: names and order are a contract with every shop's receiver.
struct ToldDispute {
  std::string id;
  std::string status;
  std::string reason;
  std::int64_t amount = 0;
  std::string currency;
  json::OrNull<Time> answerBy;
};
BOOST_DESCRIBE_STRUCT(ToldDispute, (), (id, status, reason, amount, currency, answerBy))

struct ToldOrder {
  std::string sessionId;
  SessionStatus status = SessionStatus::pending;
  Time createdAt;
  bool livemode = false;
  std::string toolSlug;
  std::optional<MediaKind> media;  // absent = videos
  std::optional<std::string> customerEmail;
  std::optional<std::string> reference;
  std::optional<SessionMetadata> metadata;
  std::int64_t amount = 0;
  std::string currency;
  std::size_t videoCount = 0;
  std::int64_t deliveredCount = 0;
  std::int64_t refundedCount = 0;
  std::vector<SessionFile> files;
  std::optional<SessionRefund> refund;
  std::optional<ToldDispute> dispute;
  std::optional<SessionNotice> notice;
  std::optional<std::string> error;
  std::optional<std::string> message;
};
BOOST_DESCRIBE_STRUCT(ToldOrder, (),
                      (sessionId, status, createdAt, livemode, toolSlug, media, customerEmail,
                       reference, metadata, amount, currency, videoCount, deliveredCount,
                       refundedCount, files, refund, dispute, notice, error, message))

// `type` and `timestamp` outside of `data`, as Standard Webhooks demands.
struct WebhookBody {
  std::string type;  // "order.delivered"
  Time timestamp;
  ToldOrder data;
};
BOOST_DESCRIBE_STRUCT(WebhookBody, (), (type, timestamp, data))

std::optional<ToldDispute> told_dispute(const Dispute& dispute) {
  if (!exists(dispute)) return std::nullopt;
  return ToldDispute{.id = dispute.id,
                     .status = dispute.status,
                     .reason = dispute.reason,
                     .amount = dispute.amount_minor,
                     .currency = dispute.currency,
                     .answerBy = json::moment(dispute.due_us)};
}

// The order as the buyer sees it, in numbers, and whose it is. No prompt: a receiver may log its
// input.
ToldOrder told_order(const std::string& session_id, const Claim& claim,
                     const SessionData& session) {
  View view = view_of(claim);
  const auto units_in = [&claim](UnitState state) {
    return std::ranges::count(claim.units, state, &Unit::state);
  };
  return {.sessionId = session_id,
          .status = view.status,
          .createdAt = from_us(claim.created_us),
          .livemode = claim.livemode,
          .toolSlug = std::string(slug_of(claim)),
          .media = other_than_video(claim.media),
          .customerEmail = session.customerEmail,
          .reference = session.reference,
          .metadata = session.metadata,
          .amount = claim.amount_minor,
          .currency = claim.currency,
          .videoCount = claim.units.size(),
          .deliveredCount = units_in(UnitState::delivered),
          .refundedCount = units_in(UnitState::refunded),
          .files = std::move(view.files),
          .refund = std::move(view.refund),
          .dispute = told_dispute(claim.dispute),
          .notice = view.notice,
          .error = std::move(view.error),
          .message = std::move(view.message)};
}

Delivery judged(const Result<HttpResponse>& answer, Time now) {
  // No answer: nobody can be reached there, so the other messages wait as well.
  if (!answer) return {.result = SendResult::away, .why = answer.error().message};
  const int status = answer->status;
  // These are about the receiver, not about this message: all messages wait for a while.
  const bool away = status == 429 || status >= 500;
  // Every other refusal is tried again too: a receiver may be wrong for the time of a release.
  Delivery delivery{.result = away ? SendResult::away : SendResult::retry, .status = status};
  if (status >= 200 && status < 300) delivery.result = SendResult::accepted;
  // 410 is the receiver's way to end a subscription: there is no further attempt.
  if (status == 410) {
    delivery.result = SendResult::rejected;
    delivery.why = "the receiver wants no more";
  }
  // Only these two say when to come back.
  if (status == 429 || status == 503) delivery.wait = asked_wait(answer->headers, now);
  return delivery;
}

}  // namespace

std::string webhook_body(const OutboxMessage& message, const Claim& claim,
                         const SessionData& session) {
  return json::print(WebhookBody{.type = notification_type(message.news),
                                 .timestamp = from_us(message.first_us),
                                 .data = told_order(message.session, claim, session)});
}

Duration asked_wait(const HttpHeaders& headers, Time now) {
  const std::string* text = find_header(headers, "retry-after");
  if (text == nullptr) return Duration(0);
  std::int64_t seconds = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, failed] = std::from_chars(text->data(), end, seconds);
  constexpr std::int64_t most = asked_wait_max / std::chrono::seconds(1);
  if (failed == std::errc() && stop == end) {
    // Bounded: a receiver cannot postpone its messages for ever.
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
  }
  const std::optional<Time> date = from_http_date(*text);
  return date ? std::clamp(*date - now, Duration(0), asked_wait_max) : Duration(0);
}

ShopWebhook::ShopWebhook(Context& context, HttpClient& http, ShopWebhookOptions options)
    : context_(context), http_(http), options_(std::move(options)) {}

boost::asio::awaitable<Delivery> ShopWebhook::deliver_alert(OutboxMessage message) {
  const Result<AlertRecord> record = co_await alert_of(context_, message);
  if (!record) co_return alert_not_read(record.error());
  std::string body = alert_webhook_body(message, *record, options_.public_url);
  co_return co_await post(std::move(message), std::move(body));
}

boost::asio::awaitable<Delivery> ShopWebhook::deliver(OutboxMessage message) {
  if (is_alert_type(message.news)) co_return co_await deliver_alert(std::move(message));
  const Result<Claim> claim = co_await context_.store.orders->load(message.session);
  // Given up and not skipped: the shop was to be notified, so a person should see that it was not.
  const Delivery forgotten{.result = SendResult::rejected,
                           .why = "the order is not known any more"};
  if (!claim) co_return not_loaded(claim.error(), forgotten);
  // The value may be gone or unreadable, and the notification is due all the same. It then says
  // less.
  const Result<SessionBytes> stored =
      co_await context_.store.sessions->read_session(message.session);
  if (!stored && stored.error().code != Errc::not_found) {
    co_return not_loaded(stored.error(), forgotten);
  }
  const Result<SessionData> session =
      stored ? decode_session(stored->bytes) : Result<SessionData>(SessionData());
  std::string body = webhook_body(message, *claim, session.value_or(SessionData()));
  co_return co_await post(std::move(message), std::move(body));
}

boost::asio::awaitable<Delivery> ShopWebhook::post(OutboxMessage message, std::string body) {
  // The time of this attempt, since receivers refuse old signatures.
  const std::int64_t now_s = to_unix_s(context_.clock.now());
  HttpCall call;
  call.method = "POST";
  call.url = options_.url;
  call.body = std::move(body);
  call.headers = {
      {"content-type", "application/json"},
      {"user-agent", "claimcheck"},
      {"webhook-id", message.id},
      {"webhook-timestamp", fmt::to_string(now_s)},
      {"webhook-signature", standard_signature(message.id, now_s, call.body, options_.keys)}};
  call.timeout = options_.timeout;
  // A receiver's answer is not ours to control, so it is bounded.
  call.answer_bytes_max = options_.answer_bytes_max;
  call.cut_answer = true;  // only the status counts, so the rest is not read
  const Result<HttpResponse> answer = co_await http_.send(std::move(call));
  co_return judged(answer, context_.clock.now());
}

}  // namespace claimcheck
