// Reads Stripe's answers about Checkout Sessions, and its errors.
#include "base/json.hpp"
#include "stripe/client.hpp"
#include "stripe/register.hpp"

#include <fmt/format.h>

#include <charconv>

namespace claimcheck::stripe {

bool is_replay(const HttpResponse& answer) {
  const std::string* replayed = find_header(answer.headers, "idempotent-replayed");
  return replayed != nullptr && *replayed == "true";
}

namespace {

// The shop's own members: all but ours.
void read_own_metadata(const boost::json::value& metadata, CheckoutSession& session) {
  const boost::json::object* members = metadata.if_object();
  if (members == nullptr) return;
  for (const auto& [name, value] : *members) {
    const boost::json::string* text = value.if_string();
    if (text == nullptr || name == "tool" || name == "video_count") continue;
    session.metadata.emplace_back(name, *text);
  }
}

// A member is an id, or the object if it was expanded.
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
  session.amount_charged = json::integer_at(*charge, "amount");
  session.charge_currency = json::text_at(*charge, "currency");
  session.receipt_url = json::text_at(*charge, "receipt_url");
  session.amount_refunded = json::integer_at(*charge, "amount_refunded");
  session.disputed = json::bool_at(*charge, "disputed");
  if (const auto* metadata = json::find(*charge, "metadata")) {
    session.registered = read_register(*metadata);
  }
}

void read_line_item(const boost::json::value& body, CheckoutSession& session) {
  const boost::json::value* items = json::find(body, "line_items", "data");
  if (items == nullptr || !items->is_array() || items->get_array().empty()) return;
  const boost::json::value& first = items->get_array().front();
  session.quantity = json::integer_at(first, "quantity");
  if (const auto* price = json::find(first, "price")) session.price = json::text_at(*price, "id");
}

}  // namespace

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

  // The default is for failures that are not about the order: 401, and every status that is not
  // listed here.
  Errc kind = Errc::unavailable;
  if (answer.status == 403) kind = Errc::forbidden;
  if (answer.status == 404) kind = Errc::not_found;
  if (answer.status == 429) kind = Errc::limited;
  if (answer.status == 400 || answer.status == 402) kind = Errc::invalid;
  if (word("type") == "idempotency_error") kind = Errc::conflict;
  // A stored failure comes again under its key for ever. A fresh one may have had its effect or
  // not.
  if (answer.status >= 500) kind = is_replay(answer) ? Errc::stuck : Errc::ambiguous;
  return {kind, std::move(message)};
}

CheckoutSession read_checkout(const boost::json::value& body) {
  CheckoutSession session;
  session.id = json::text_at(body, "id");
  session.url = json::text_at(body, "url");
  if (const auto* recovery = json::find(body, "after_expiration", "recovery")) {
    session.recovery_url = json::text_at(*recovery, "url");
  }
  if (const auto* consent = json::find(body, "consent")) {
    session.wants_offers = json::text_at(*consent, "promotions") == "opt_in";
  }
  session.recovered_from = json::text_at(body, "recovered_from");
  session.status = json::text_at(body, "status");
  session.payment_status = json::text_at(body, "payment_status");
  session.amount_subtotal = json::integer_at(body, "amount_subtotal");
  session.amount_total = json::integer_at(body, "amount_total");
  session.currency = json::text_at(body, "currency");
  session.livemode = json::bool_at(body, "livemode");
  session.created = json::integer_at(body, "created");
  session.expires_at = json::integer_at(body, "expires_at");
  if (const auto* details = json::find(body, "customer_details")) {
    session.buyer_email = json::text_at(*details, "email");
  }
  if (const auto* metadata = json::find(body, "metadata")) {
    session.tool = json::text_at(*metadata, "tool");
    const std::string_view count = json::text_at(*metadata, "video_count");
    // Metadata is text, and the shop's own site may write anything: unreadable is 0, not known.
    std::from_chars(count.data(), count.data() + count.size(), session.video_count);
    read_own_metadata(*metadata, session);
  }
  session.reference = json::text_at(body, "client_reference_id");
  read_payment(body, session);
  read_line_item(body, session);
  return session;
}

PriceFacts read_price(const boost::json::value& body) {
  PriceFacts facts;
  facts.active = json::bool_at(body, "active");
  facts.recurring = json::text_at(body, "type") == "recurring";
  facts.name = json::text_at(body, "nickname");
  facts.currency = json::text_at(body, "currency");
  facts.unit_amount = json::integer_at(body, "unit_amount");
  // Without the member the mode is not known.
  const boost::json::value* mode = json::find(body, "livemode");
  if (mode != nullptr && mode->is_bool()) facts.livemode = mode->get_bool();
  return facts;
}

Result<CheckoutSession> read_checkout(const HttpResponse& answer) {
  const Result<boost::json::value> body = json::parse(answer.body);
  if (!body) return fail(Errc::ambiguous, "Stripe's answer is not JSON");
  CheckoutSession session = read_checkout(*body);
  if (session.id.empty()) return fail(Errc::ambiguous, "Stripe's answer has no session id");
  session.replayed = is_replay(answer);
  return session;
}

}  // namespace claimcheck::stripe
