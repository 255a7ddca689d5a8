#include "stripe/event.hpp"

#include "base/json.hpp"
#include "domain/session.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace claimcheck::stripe {

namespace {

constexpr std::array<std::string_view, 17> known_types = {
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.created",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated"};

// Ids become keys in Redis and parts of log lines, so their form is checked.
bool is_payment_intent(std::string_view id) {
  constexpr std::size_t id_bytes_max = 255;
  const bool plain = std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  return id.starts_with("pi_") && id.size() <= id_bytes_max && plain;
}

std::string event_id_in(const boost::json::value& from) {
  constexpr std::size_t id_bytes_max = 255;
  const std::string_view id = json::text_at(from, "id");
  const bool plain = std::ranges::all_of(id, [](char c) { return c > ' ' && c < 127; });
  return id.starts_with("evt_") && id.size() <= id_bytes_max && plain ? std::string(id) : "";
}

// A bank debit that bounces is no declined card.
bool is_card_declined(std::string_view type, const boost::json::value& about) {
  if (type != "payment_intent.payment_failed") return false;
  const boost::json::value* method = json::find(about, "last_payment_error", "payment_method");
  return method != nullptr && json::text_at(*method, "type") == "card";
}

// Refunds and disputes: these events name only the payment.
bool is_about_money_back(std::string_view type) {
  return type.starts_with("refund.") || type.starts_with("charge.dispute.") ||
         type == "charge.refunded";
}

}  // namespace

Result<Event> parse_event(std::string_view body) {
  Result<boost::json::object> members = json::parse_body(body);
  if (!members) return fail(members);
  const boost::json::value document(std::move(*members));
  const std::string_view object = json::text_at(document, "object");
  // Stripe can send another form of events, which has no session: the answer names the setting to
  // change.
  if (object == "v2.core.event") {
    return fail(Errc::invalid,
                "thin event notifications are not understood: give this endpoint snapshot events");
  }
  if (object != "event" || json::text_at(document, "type").empty()) {
    return fail(Errc::invalid, "not a Stripe event");
  }
  return read_event(document);
}

Event read_event(const boost::json::value& from) {
  Event event;
  event.id = event_id_in(from);
  event.type = json::text_at(from, "type");
  event.created_s = json::integer_at(from, "created");
  event.account = json::text_at(from, "account");
  const boost::json::value* about = json::find(from, "data", "object");
  if (about == nullptr) return event;
  event.card_declined = is_card_declined(event.type, *about);
  if (json::text_at(*about, "object") == "checkout.session") {
    const std::string_view id = json::text_at(*about, "id");
    // A malformed id is as none: the event is acknowledged and wakes nobody.
    if (is_session_id(id)) event.session_id = id;
    if (const auto* metadata = json::find(*about, "metadata")) {
      event.tool = json::text_at(*metadata, "tool");
    }
  } else if (is_about_money_back(event.type)) {
    const std::string_view id = json::text_at(*about, "payment_intent");
    if (is_payment_intent(id)) event.payment_intent = id;
  }
  return event;
}

std::string_view event_label(std::string_view type) {
  const auto known = std::ranges::find(known_types, type);
  return known != known_types.end() ? *known : std::string_view("other");
}

}  // namespace claimcheck::stripe
