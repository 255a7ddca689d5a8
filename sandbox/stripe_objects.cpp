#include "sandbox/stripe_objects.hpp"

#include "sandbox/ids.hpp"
#include "sandbox/stripe_templates.hpp"

namespace claimcheck::sandbox {

namespace {

constexpr std::int64_t dispute_answer_s = 10 * 24 * 3600;

// "card" for cards, else the bank debit of that currency.
Object method_details(Method method, std::string_view currency, std::int64_t amount) {
  if (method == Method::bank_debit) {
    return parse_constant(currency == "eur" ? templates::sepa_debit_details
                                            : templates::us_bank_account_details);
  }
  Object details = parse_constant(templates::card_details);
  Object& card = details["card"].get_object();
  card["amount_authorized"] = amount;
  card["overcapture"].get_object()["maximum_amount_capturable"] = amount;
  return details;
}

}  // namespace

std::string_view method_name(Method method, std::string_view currency) {
  if (method == Method::card) return "card";
  return currency == "eur" ? "sepa_debit" : "us_bank_account";
}

Object new_price(const std::string& id, const std::string& currency, std::int64_t unit_amount,
                 std::int64_t created) {
  Object price = parse_constant(templates::price);
  price["id"] = id;
  price["currency"] = currency;
  price["unit_amount"] = unit_amount;
  price["unit_amount_decimal"] = std::to_string(unit_amount);
  price["product"] = new_id("prod_", 14);
  price["created"] = created;
  return price;
}

Object new_line_item(const Object& price, const std::string& description, std::int64_t quantity) {
  const std::int64_t amount = integer_of(price, "unit_amount") * quantity;
  Object item = parse_constant(templates::line_item);
  item["id"] = new_id("li_1");
  item["price"] = price;
  item["description"] = description;
  item["quantity"] = quantity;
  item["currency"] = text_of(price, "currency");
  item["amount_subtotal"] = amount;
  item["amount_total"] = amount;
  return item;
}

Object new_session(const std::string& currency, std::int64_t created) {
  Object session = parse_constant(templates::session);
  session["id"] = new_session_id();
  session["created"] = created;
  session["currency"] = currency;
  session["payment_method_types"] =
      Array{"card", std::string(method_name(Method::bank_debit, currency))};
  return session;
}

Object new_intent(const Object& session, std::int64_t created) {
  Object intent = parse_constant(templates::intent);
  const std::string id = new_id("pi_3");
  intent["id"] = id;
  intent["client_secret"] = id + "_secret_" + random_text(25);
  intent["created"] = created;
  intent["amount"] = session.at("amount_total");
  intent["currency"] = session.at("currency");
  intent["livemode"] = session.at("livemode");
  intent["allowed_payment_method_types"] = session.at("allowed_payment_method_types");
  intent["payment_method_types"] = session.at("payment_method_types");
  for (const Value& type : session.at("payment_method_types").get_array()) {
    intent["payment_method_options"].get_object()[type.get_string()] = Object();
  }
  return intent;
}

Object new_charge(const Object& intent, const Object& session, Method method,
                  std::int64_t created) {
  const std::int64_t amount = integer_of(intent, "amount");
  const std::string currency = text_of(intent, "currency");
  Object charge = parse_constant(templates::charge);
  charge["id"] = new_id(method == Method::card ? "ch_3" : "py_3");
  charge["amount"] = amount;
  charge["amount_captured"] = amount;
  charge["balance_transaction"] = new_id("txn_3");
  charge["created"] = created;
  charge["currency"] = currency;
  charge["description"] = intent.at("description");
  charge["livemode"] = intent.at("livemode");
  charge["metadata"] = intent.at("metadata");
  charge["payment_intent"] = intent.at("id");
  charge["payment_method"] = new_id("pm_1");
  charge["payment_method_details"] = method_details(method, currency, amount);
  charge["receipt_url"] = "https://pay.stripe.com/receipts/payment/" + random_text(40);
  const Object* buyer = session.at("customer_details").if_object();
  if (buyer != nullptr) charge["billing_details"].get_object()["email"] = buyer->at("email");
  return charge;
}

Object new_refund(const Object& charge, std::int64_t amount, std::int64_t created) {
  const std::string method = text_of(charge.at("payment_method_details").get_object(), "type");
  const bool card = method == "card";
  Object refund = parse_constant(templates::refund);
  refund["id"] = new_id(card ? "re_3" : "pyr_3");
  refund["amount"] = amount;
  refund["balance_transaction"] = new_id("txn_3");
  refund["charge"] = charge.at("id");
  refund["created"] = created;
  refund["currency"] = charge.at("currency");
  refund["payment_intent"] = charge.at("payment_intent");
  refund["payment_method"] = charge.at("payment_method");
  Object destination;
  if (card) {
    destination["card"] = Object{{"reference", "7000000001"},
                                 {"reference_status", "available"},
                                 {"reference_type", "acquirer_reference_number"},
                                 {"type", "refund"}};
  } else {
    destination[method] = Object();
  }
  destination["type"] = method;
  refund["destination_details"] = std::move(destination);
  return refund;
}

Object new_dispute(const Object& charge, std::int64_t created) {
  Object dispute = parse_constant(templates::dispute);
  dispute["id"] = new_id("du_1");
  dispute["amount"] = charge.at("amount");
  dispute["charge"] = charge.at("id");
  dispute["created"] = created;
  dispute["currency"] = charge.at("currency");
  dispute["livemode"] = charge.at("livemode");
  dispute["payment_intent"] = charge.at("payment_intent");
  dispute["evidence_details"].get_object()["due_by"] = created + dispute_answer_s;
  return dispute;
}

Object customer_details(const std::string& email) {
  Object details = parse_constant(templates::customer_details);
  details["email"] = text_or_null(email);
  return details;
}

Object decline_error(const std::string& charge, Method method, std::string_view currency) {
  Object error =
      parse_constant(method == Method::card ? templates::card_declined : templates::debit_failed);
  error["charge"] = charge;
  Object& payment_method = error["payment_method"].get_object();
  payment_method["id"] = new_id("pm_1");
  payment_method["type"] = std::string(method_name(method, currency));
  return error;
}

}  // namespace claimcheck::sandbox
