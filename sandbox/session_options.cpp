#include "sandbox/session_options.hpp"

#include "sandbox/parameters.hpp"

#include <fmt/format.h>

#include <array>

namespace claimcheck::sandbox {

namespace {

constexpr std::size_t custom_fields_max = 3;
constexpr std::size_t shipping_options_max = 5;
constexpr std::size_t custom_text_max = 1200;
constexpr std::size_t field_label_max = 100;

StripeError bad(std::string message, std::string param) {
  StripeError error;
  error.message = std::move(message);
  error.param = std::move(param);
  return error;
}

// The entries of a list; none when it was not given.
Array list_of(const Object& given, std::string_view name) {
  const Value* value = given.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : Array();
}

const Object* object_of(const Object& given, std::string_view name) {
  const Value* value = given.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

std::optional<StripeError> check_discount(const Object& discount, const std::string& currency,
                                          const Offers& offers) {
  const std::string coupon_id = text_of(discount, "coupon");
  const std::string code_id = text_of(discount, "promotion_code");
  if (coupon_id.empty() == code_id.empty()) {
    return bad("You must specify exactly one of these parameters: coupon, promotion_code.",
               "discounts[0]");
  }
  const Coupon* coupon =
      coupon_id.empty() ? offers.by_promotion_code(code_id) : offers.coupon(coupon_id);
  if (coupon == nullptr && coupon_id.empty()) {
    return no_such("promotion code", code_id, "discounts[0][promotion_code]", 400);
  }
  if (coupon == nullptr) return no_such("coupon", coupon_id, "discounts[0][coupon]", 400);
  if (!coupon->currency.empty() && coupon->currency != currency) {
    return bad("The coupon's currency is not the currency of this Checkout Session.",
               "discounts[0]");
  }
  return std::nullopt;
}

std::optional<StripeError> check_discounts(const Object& given, const std::string& currency,
                                           const Offers& offers) {
  const Array discounts = list_of(given, "discounts");
  if (discounts.empty()) return std::nullopt;
  if (!text_of(given, "allow_promotion_codes").empty()) {
    return bad("You may only specify one of these parameters: allow_promotion_codes, discounts.",
               "allow_promotion_codes");
  }
  if (discounts.size() > 1) return bad("You may only specify one discount.", "discounts");
  return check_discount(discounts.front().get_object(), currency, offers);
}

std::optional<StripeError> check_shipping(const Object& given, const Offers& offers) {
  const Array options = list_of(given, "shipping_options");
  if (options.size() > shipping_options_max) {
    return bad("You may specify up to 5 shipping options.", "shipping_options");
  }
  for (std::size_t i = 0; i < options.size(); ++i) {
    const std::string rate = text_of(options[i].get_object(), "shipping_rate");
    const std::string param = fmt::format("shipping_options[{}][shipping_rate]", i);
    if (rate.empty()) return missing_parameter(param);
    if (offers.shipping_rate(rate) == nullptr) return no_such("shipping rate", rate, param, 400);
  }
  return std::nullopt;
}

std::optional<StripeError> check_fields(const Object& given) {
  const Array fields = list_of(given, "custom_fields");
  if (fields.size() > custom_fields_max) {
    return bad("You may specify up to 3 custom fields.", "custom_fields");
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Object& field = fields[i].get_object();
    const std::string param = fmt::format("custom_fields[{}]", i);
    for (const char* name : {"key", "type"}) {
      if (text_of(field, name).empty())
        return missing_parameter(fmt::format("{}[{}]", param, name));
    }
    const Object* label = object_of(field, "label");
    const std::string shown = label == nullptr ? "" : text_of(*label, "custom");
    if (shown.empty()) return missing_parameter(param + "[label]");
    if (count_characters(shown) > field_label_max) {
      return bad("Invalid string; must be at most 100 characters", param + "[label][custom]");
    }
    if (text_of(field, "type") == "dropdown" && object_of(field, "dropdown") == nullptr) {
      return missing_parameter(param + "[dropdown]");
    }
  }
  return std::nullopt;
}

std::optional<StripeError> check_texts(const Object& given) {
  const Object* texts = object_of(given, "custom_text");
  if (texts == nullptr) return std::nullopt;
  for (const auto& place : *texts) {
    const std::string param = fmt::format("custom_text[{}]", std::string_view(place.key()));
    if (!place.value().is_object()) continue;
    const std::string message = text_of(place.value().get_object(), "message");
    if (message.empty()) return missing_parameter(param + "[message]");
    if (count_characters(message) > custom_text_max) {
      return bad("Invalid string; must be at most 1200 characters", param + "[message]");
    }
  }
  return std::nullopt;
}

// The tables that must say whether they are on.
std::optional<StripeError> check_enabled(const Object& given) {
  for (const char* name :
       {"automatic_tax", "invoice_creation", "phone_number_collection", "tax_id_collection"}) {
    const Object* section = object_of(given, name);
    if (section != nullptr && text_of(*section, "enabled").empty()) {
      return missing_parameter(fmt::format("{}[enabled]", name));
    }
  }
  return std::nullopt;
}

// Members that were not given keep what the session has for them.
void overlay(Value& stored, const Value& given) {
  Object* known = stored.if_object();
  if (known == nullptr || !given.is_object()) {
    stored = given;
    return;
  }
  for (const auto& member : given.get_object()) overlay((*known)[member.key()], member.value());
}

void set_discounts(const Object& given, Object& session, const Offers& offers) {
  Array discounts;
  for (const Value& entry : list_of(given, "discounts")) {
    const std::string code = text_of(entry.get_object(), "promotion_code");
    const Coupon* coupon = code.empty() ? offers.coupon(text_of(entry.get_object(), "coupon"))
                                        : offers.by_promotion_code(code);
    discounts.push_back(Object{{"coupon", coupon->id}, {"promotion_code", text_or_null(code)}});
  }
  session["discounts"] = std::move(discounts);
}

// The first rate is the one that the page has chosen for the buyer.
void set_shipping(const Object& given, Object& session, const Offers& offers) {
  Array options;
  for (const Value& entry : list_of(given, "shipping_options")) {
    const ShippingRate& rate = *offers.shipping_rate(text_of(entry.get_object(), "shipping_rate"));
    options.push_back(Object{{"shipping_amount", rate.amount}, {"shipping_rate", rate.id}});
    if (options.size() > 1) continue;
    session["shipping_cost"] = Object{{"amount_subtotal", rate.amount},
                                      {"amount_tax", 0},
                                      {"amount_total", rate.amount},
                                      {"shipping_rate", rate.id}};
  }
  session["shipping_options"] = std::move(options);
}

// Each field as it is answered: with every member of its type, and no answer yet.
void complete_fields(Object& session) {
  for (Value& entry : session["custom_fields"].get_array()) {
    Object& field = entry.get_object();
    const std::string type = text_of(field, "type");
    Value full = Object{{"default_value", nullptr}, {"value", nullptr}};
    if (type != "dropdown") {
      full.get_object()["maximum_length"] = full.get_object()["minimum_length"] = nullptr;
    }
    overlay(full, field.contains(type) ? field.at(type) : Value(Object()));
    field[type] = std::move(full);
    if (!field.contains("optional")) field["optional"] = false;
  }
}

}  // namespace

std::optional<StripeError> check_options(const Object& given, const std::string& currency,
                                         const Offers& offers) {
  if (auto error = check_enabled(given)) return error;
  if (auto error = check_discounts(given, currency, offers)) return error;
  if (auto error = check_shipping(given, offers)) return error;
  if (auto error = check_fields(given)) return error;
  return check_texts(given);
}

void copy_options(const Object& given, Object& session, const Offers& offers) {
  constexpr auto names = std::to_array<const char*>(
      {"adaptive_pricing", "after_expiration", "allow_promotion_codes", "automatic_tax",
       "billing_address_collection", "consent_collection", "custom_fields", "custom_text",
       "customer_creation", "invoice_creation", "locale", "payment_method_options",
       "phone_number_collection", "shipping_address_collection", "submit_type", "tax_id_collection",
       "wallet_options"});
  const Object typed = typed_parameters(given, takes::checkout_create);
  for (const char* name : names) {
    if (const Value* value = typed.if_contains(name)) overlay(session[name], *value);
  }
  complete_fields(session);
  set_discounts(given, session, offers);
  set_shipping(given, session, offers);
  if (bool_of(session.at("automatic_tax").get_object(), "enabled")) {
    Object& tax = session["automatic_tax"].get_object();
    tax["provider"] = "stripe";
    tax["status"] = "requires_location_inputs";
  }
  if (Object* recovery = session["after_expiration"].if_object()) {
    Value full =
        Object{{"allow_promotion_codes", false}, {"expires_at", nullptr}, {"url", nullptr}};
    overlay(full, recovery->at("recovery"));
    (*recovery)["recovery"] = std::move(full);
  }
  if (const std::string id = text_of(given, "payment_method_configuration"); !id.empty()) {
    session["payment_method_configuration_details"] = Object{{"id", id}, {"parent", nullptr}};
  }
}

}  // namespace claimcheck::sandbox
