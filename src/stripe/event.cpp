#include "stripe/event.hpp"

#include "base/json.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace claimcheck::stripe {

namespace {

constexpr std::array<std::string_view, 8> known_types = {"checkout.session.completed",
                                                         "checkout.session.async_payment_succeeded",
                                                         "checkout.session.async_payment_failed",
                                                         "checkout.session.expired",
                                                         "payment_intent.created",
                                                         "payment_intent.processing",
                                                         "payment_intent.payment_failed",
                                                         "payment_intent.succeeded"};

}  // namespace

Result<Event> parse_event(std::string_view body) {
  const Result<boost::json::value> document = json::parse(body);
  if (!document) return fail(Errc::invalid, "the body is not JSON");
  const std::string_view object = json::text_at(*document, "object");
  if (object == "v2.core.event") {
    return fail(Errc::invalid,
                "thin event notifications are not understood: give this endpoint snapshot events");
  }
  Event event;
  event.type = json::text_at(*document, "type");
  if (object != "event" || event.type.empty()) return fail(Errc::invalid, "not a Stripe event");
  const boost::json::value* about = json::find(*document, "data", "object");
  if (about != nullptr && json::text_at(*about, "object") == "checkout.session") {
    event.session_id = json::text_at(*about, "id");
  }
  return event;
}

std::string_view event_label(std::string_view type) {
  const auto known = std::ranges::find(known_types, type);
  return known != known_types.end() ? *known : std::string_view("other");
}

}  // namespace claimcheck::stripe
