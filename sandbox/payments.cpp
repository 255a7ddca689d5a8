#include "sandbox/payments.hpp"

#include "sandbox/ids.hpp"
#include "sandbox/session_amounts.hpp"

#include <utility>

namespace claimcheck::sandbox {

namespace {

void set_buyer(Object& session) {
  const std::string email = text_of(session, "customer_email");
  session["customer_details"] = customer_details(email.empty() ? "buyer@example.com" : email);
}

}  // namespace

Result<Object*> Payments::open_session(const std::string& id) {
  Object* session = state_.sessions.find(id);
  if (session == nullptr) return fail(Errc::not_found, "there is no such session");
  const std::string status = text_of(*session, "status");
  if (status != "open") return fail(Errc::conflict, "the session is " + status);
  return session;
}

Result<void> Payments::apply_code(const std::string& id, const std::string& code) {
  const Result<Object*> session = open_session(id);
  if (!session) return fail(session);
  const Coupon* coupon = state_.offers.coupon(code);
  const bool fits = coupon != nullptr && (coupon->currency.empty() ||
                                          coupon->currency == text_of(**session, "currency"));
  if (!fits || !bool_of(**session, "allow_promotion_codes")) {
    return fail(Errc::invalid, "This code is invalid.");
  }
  (**session)["discounts"] = Array{Object{
      {"coupon", coupon->id}, {"promotion_code", std::string(promotion_prefix) + coupon->id}}};
  compute_amounts(**session, state_.line_items[id], state_.offers);
  return {};
}

void Payments::locate_buyer(const std::string& id) {
  const Result<Object*> session = open_session(id);
  if (!session) return;
  Object& tax = (**session)["automatic_tax"].get_object();
  if (!bool_of(tax, "enabled") || text_of(tax, "status") == "complete") return;
  tax["status"] = "complete";
  compute_amounts(**session, state_.line_items[id], state_.offers);
}

Result<void> Payments::present_in(const std::string& id, const std::string& currency) {
  const Result<Object*> session = session_to_pay(id);
  if (!session) return fail(session);
  if (!bool_of((**session)["adaptive_pricing"].get_object(), "enabled")) {
    return fail(Errc::invalid, "the session has no adaptive pricing");
  }
  constexpr std::int64_t rate_percent = 110;  // as good as any: nobody may count with it
  const std::int64_t amount = integer_of(**session, "amount_total") * rate_percent / 100;
  (**session)["presentment_details"] =
      Object{{"presentment_amount", amount}, {"presentment_currency", currency}};
  return {};
}

// The buyer has filled the form in: the total is final now.
Result<Object*> Payments::session_to_pay(const std::string& id) {
  locate_buyer(id);
  const Result<Object*> session = open_session(id);
  if (!session || !(**session)["shipping_address_collection"].is_object()) return session;
  const Object address = customer_details("")["address"].get_object();
  (**session)["collected_information"] =
      Object{{"business_name", nullptr},
             {"individual_name", nullptr},
             {"shipping_details", Object{{"address", address}, {"name", "Jenny Rosen"}}}};
  return session;
}

// The session's payment intent, made at the buyer's first attempt to pay.
Object& Payments::intent_of(Object& session) {
  if (Object* known = state_.intents.find(text_of(session, "payment_intent"))) {
    // A code or an address that came after a declined card.
    (*known)["amount"] = session.at("amount_total");
    return *known;
  }
  Object& intent = state_.intents.add(new_intent(session, now_s()));
  const Object& data = state_.intent_data[text_of(session, "id")];
  for (const char* member : {"metadata", "description", "receipt_email", "capture_method",
                             "statement_descriptor", "statement_descriptor_suffix"}) {
    if (const Value* value = data.if_contains(member)) intent[member] = *value;
  }
  session["payment_intent"] = intent.at("id");
  events_.emit("payment_intent.created", intent);
  return intent;
}

Object& Payments::add_charge(Object& intent, Object& session, Method method,
                             std::string_view status) {
  Object charge = new_charge(intent, session, method, now_s());
  charge["status"] = status;
  charge["paid"] = status == "succeeded";
  charge["captured"] = status != "failed";
  if (status == "failed") {
    charge["amount_captured"] = 0;
    charge["balance_transaction"] = nullptr;
    charge["failure_code"] = "card_declined";
    charge["failure_message"] = "Your card was declined.";
    Object& outcome = charge["outcome"].get_object();
    outcome["network_status"] = "declined_by_network";
    outcome["reason"] = "generic_decline";
    outcome["seller_message"] = "The bank did not return any further details with this decline.";
    outcome["type"] = "issuer_declined";
  }
  if (const Value* presented = session.if_contains("presentment_details")) {
    intent["presentment_details"] = charge["presentment_details"] = *presented;
  }
  intent["latest_charge"] = charge.at("id");
  return state_.charges.add(std::move(charge));
}

std::string Payments::complete(Object& session, std::string_view payment_status) {
  session["status"] = "complete";
  session["payment_status"] = payment_status;
  session["url"] = nullptr;
  return events_.emit("checkout.session.completed", session);
}

Result<std::string> Payments::pay(const std::string& id) {
  const Result<Object*> session = session_to_pay(id);
  if (!session) return fail(session);
  set_buyer(**session);
  if (integer_of(**session, "amount_total") == 0) {
    return complete(**session, "no_payment_required");
  }
  Object& intent = intent_of(**session);
  Object& charge = add_charge(intent, **session, Method::card, "succeeded");
  intent["status"] = "succeeded";
  intent["amount_received"] = intent.at("amount");
  intent["last_payment_error"] = nullptr;
  intent["payment_method"] = charge.at("payment_method");
  events_.emit("charge.succeeded", charge);
  events_.emit("payment_intent.succeeded", intent);
  // Last, as at Stripe: the session's event follows those of its payment.
  return complete(**session, "paid");
}

Result<std::string> Payments::decline(const std::string& id) {
  const Result<Object*> session = session_to_pay(id);
  if (!session) return fail(session);
  Object& intent = intent_of(**session);
  Object& charge = add_charge(intent, **session, Method::card, "failed");
  intent["last_payment_error"] =
      decline_error(text_of(charge, "id"), Method::card, text_of(intent, "currency"));
  events_.emit("charge.failed", charge);
  return events_.emit("payment_intent.payment_failed", intent);
}

Result<std::string> Payments::pay_later(const std::string& id, bool will_fail) {
  const Result<Object*> session = session_to_pay(id);
  if (!session) return fail(session);
  set_buyer(**session);
  if (integer_of(**session, "amount_total") == 0) {
    return complete(**session, "no_payment_required");
  }
  Object& intent = intent_of(**session);
  Object& charge = add_charge(intent, **session, Method::bank_debit, "pending");
  intent["status"] = "processing";
  intent["last_payment_error"] = nullptr;
  intent["payment_method"] = charge.at("payment_method");
  events_.emit("charge.pending", charge);
  events_.emit("payment_intent.processing", intent);
  // The form is complete now; the money follows, or fails, when the bank answers.
  agenda_.after(later_, [this, id, will_fail] { settle(id, !will_fail); });
  return complete(**session, "unpaid");
}

// The bank has answered: the debit succeeds or fails.
void Payments::settle(const std::string& id, bool succeeds) {
  Object& session = *state_.sessions.find(id);
  Object& intent = *state_.intents.find(text_of(session, "payment_intent"));
  Object& charge = *state_.charges.find(text_of(intent, "latest_charge"));
  if (succeeds) {
    charge["status"] = "succeeded";
    charge["paid"] = true;
    intent["status"] = "succeeded";
    intent["amount_received"] = intent.at("amount");
    session["payment_status"] = "paid";
    events_.emit("charge.succeeded", charge);
    events_.emit("payment_intent.succeeded", intent);
    events_.emit("checkout.session.async_payment_succeeded", session);
    return;
  }
  charge["status"] = "failed";
  charge["captured"] = false;
  charge["amount_captured"] = 0;
  charge["failure_code"] = "debit_not_authorized";
  charge["failure_message"] = "The payment failed.";
  intent["status"] = "requires_payment_method";
  intent["payment_method"] = nullptr;
  intent["last_payment_error"] =
      decline_error(text_of(charge, "id"), Method::bank_debit, text_of(intent, "currency"));
  events_.emit("charge.failed", charge);
  events_.emit("payment_intent.payment_failed", intent);
  events_.emit("checkout.session.async_payment_failed", session);
}

// From now on the buyer may begin again with a copy, where the shop wanted that.
void Payments::offer_recovery(Object& session) {
  constexpr std::int64_t recovery_life_s = 30 * 24 * 3600;
  Object* after = session["after_expiration"].if_object();
  Value* wanted = after == nullptr ? nullptr : after->if_contains("recovery");
  Object* recovery = wanted == nullptr ? nullptr : wanted->if_object();
  if (recovery == nullptr || !bool_of(*recovery, "enabled")) return;
  if (!text_of(*recovery, "url").empty()) return;  // a test has set it
  (*recovery)["url"] = state_.base_url + "/r/test_" + random_text(32);
  (*recovery)["expires_at"] = now_s() + recovery_life_s;
}

void Payments::expire(Object& session, const Cause& cause) {
  session["status"] = "expired";
  session["url"] = nullptr;
  offer_recovery(session);
  events_.emit("checkout.session.expired", session, cause);
}

void Payments::expire_when_due(const std::string& id) {
  const Object& session = *state_.sessions.find(id);
  agenda_.at(from_unix_s(integer_of(session, "expires_at")), [this, id] {
    Object& due = *state_.sessions.find(id);
    // Most sessions are complete or were expired by a call before.
    if (text_of(due, "status") == "open") expire(due, {});
  });
}

}  // namespace claimcheck::sandbox
