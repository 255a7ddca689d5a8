// The routes of an order: checkout, webhook, status, patch.
#include "api/api.hpp"
#include "api/session_patch.hpp"
#include "api/status_answer.hpp"
#include "base/failpoint.hpp"
#include "base/json.hpp"
#include "store/sessions.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace claimcheck {

namespace {

// With the status word, so that a page that only reads that stops asking and shows the text; it is
// in both members: one is the replaced system's, the other ours.
HttpResponse status_error(int status, std::string_view code, std::string_view message) {
  const std::string text = json::print(message);
  return json_response(
      status,
      fmt::format(R"({{"status":"error","error":{},"code":"{}","message":{}}})", text, code, text));
}

HttpResponse malformed_id() {
  return status_error(400, "invalid_session_id", "this is not a session id");
}

// A session whose status cannot be shown. What will pass by itself is no status of an order.
HttpResponse no_status(const Error& error) {
  if (error.code == Errc::not_found) {
    return status_error(404, "not_found", "we know no order with this session id");
  }
  if (error.code == Errc::unreadable) {
    return status_error(500, "unreadable",
                        "this order's data cannot be read; write to us with its number");
  }
  return store_error_response(error);
}

}  // namespace

Api::Answer Api::create_checkout(HttpRequest request, std::string) {
  if (auto refused = refuse_new()) co_return *refused;
  const std::string client = client_of(request);
  const Duration now = context_.clock.steady();
  Duration wait = checkouts_.take(client, 1, now);
  if (wait == Duration(0)) {
    wait = checkout_bytes_.take(client, static_cast<double>(request.body.size()), now);
  }
  if (wait > Duration(0)) {
    co_return too_often_response("too many checkouts from this address; wait and try again", wait);
  }

  const std::string* given = find_header(request.headers, "idempotency-key");
  std::string key;
  if (given != nullptr) key = *given;
  if (key.size() > idempotency_key_bytes_max) {
    co_return error_response(400, "the Idempotency-Key is longer than 255 bytes",
                             "invalid_idempotency_key");
  }
  auto order = read_order_request(request.body, context_.catalog);
  if (!order) co_return refusal_response(order.error());
  const auto answer = co_await checkout_.create(std::move(*order), std::move(key));
  if (!answer) co_return refusal_response(answer.error());
  co_return json_response(
      200, fmt::format(R"({{"sessionId":{},"url":{}}})", json::print(answer->session_id),
                       json::print(answer->url)));
}

Api::Answer Api::stripe_webhook(HttpRequest request, std::string) {
  if (auto refused = refuse_new()) co_return *refused;
  const std::string* header = find_header(request.headers, "stripe-signature");
  std::string signature;
  if (header != nullptr) signature = *header;
  if (count_headers(request.headers, "stripe-signature") > 1) signature.clear();
  if (request.body.empty()) co_return error_response(400, "Empty payload", "invalid_event");
  if (!signed_by_stripe(context_, request.body, signature, options_.webhook_secrets)) {
    co_return refuse_unsigned(request);
  }
  const Result<void> kept = co_await receive_event(context_, std::move(request.body));
  if (kept) co_return json_response(200, R"({"received":true})");
  if (kept.error().code == Errc::invalid) {
    co_return error_response(400, kept.error().message, "invalid_event");
  }
  co_return error_response(503, kept.error().message, "store_unavailable");
}

Api::Answer Api::order_status(HttpRequest request, std::string session_id) {
  if (auto refused = refuse_hasty(request)) co_return *refused;
  if (!is_session_id(session_id)) co_return malformed_id();
  const Result<SessionData> session = co_await get_session(context_.store, session_id);
  if (!session && session.error().code == Errc::not_found) {
    co_await visits_.visit_unknown(session_id);
  }
  if (!session) co_return no_status(session.error());
  if (session->status == SessionStatus::pending) {
    const std::optional<Time> created = from_iso(session->createdAt);
    if (created) co_await visits_.visit(session_id, *created);
  }
  if (session->status == SessionStatus::completed) co_await visits_.visit_delivered(session_id);
  co_return json_response(200, status_answer(*session, statistics_.expected_delivery_s()));
}

Api::Answer Api::order_events(HttpRequest request, std::string session_id) {
  if (auto refused = refuse_hasty(request)) co_return *refused;
  if (!is_session_id(session_id)) co_return malformed_id();
  const std::string* seen = find_header(request.headers, "last-event-id");
  std::string last_event_id;
  if (seen != nullptr) last_event_id = *seen;
  Result<HttpResponse> stream = co_await events_.follow(session_id, std::move(last_event_id));
  if (!stream && stream.error().code == Errc::not_found) {
    co_await visits_.visit_unknown(session_id);
  }
  if (!stream) co_return no_status(stream.error());
  co_return std::move(*stream);
}

Api::Answer Api::patch_session(HttpRequest request, std::string session_id) {
  if (auto refused = refuse_operator(request)) co_return *refused;
  if (!is_session_id(session_id)) {
    co_return error_response(400, "this is not a session id", "invalid_session_id");
  }
  auto patch = read_session_patch(request.body);
  if (!patch) {
    co_return error_response(patch.error().status, patch.error().message, patch.error().code,
                             patch.error().param);
  }
  if (patch->changes_inputs) {
    const Result<Claim> claim = co_await context_.store.load(session_id);
    if (!claim && claim.error().code != Errc::not_found) {
      co_return store_error_response(claim.error());
    }
    if (claim && claim->state != OrderState::open) {
      co_return error_response(409, "the order is already being made from its present inputs",
                               "order_in_progress");
    }
  }
  const Result<SessionData> updated = co_await update_session(
      context_.store, context_.clock, session_id, std::move(patch->changes));
  if (!updated) co_return store_error_response(updated.error());
  co_return json_response(200, R"({"success":true})");
}

}  // namespace claimcheck
