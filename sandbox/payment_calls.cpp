// The operations of StripeApi on events, payment intents, charges, refunds and prices.
#include "sandbox/lists.hpp"
#include "sandbox/parameters.hpp"
#include "sandbox/stripe_api.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::sandbox {

namespace {

constexpr std::int64_t events_kept_s = 30 * 24 * 3600;

StripeResult<Object> object_of(const Collection& collection, const std::string& id,
                               std::string_view what, std::string param) {
  const Object* object = collection.find(id);
  if (object == nullptr) return refuse(no_such(what, id, std::move(param)));
  return *object;
}

// Only objects of the payment_intent and charge in the parameters.
Filter of_payment(const Object& given) {
  return [intent = text_of(given, "payment_intent"),
          charge = text_of(given, "charge")](const Object& object) {
    if (!intent.empty() && text_of(object, "payment_intent") != intent) return false;
    return charge.empty() || text_of(object, "charge") == charge;
  };
}

// As Stripe merges: given members are set, empty ones removed; an empty metadata clears all.
void merge_metadata(const Value& given, Object& metadata) {
  if (given.is_string()) {
    metadata.clear();
    return;
  }
  for (const auto& member : given.get_object()) {
    if (member.value().get_string().empty()) {
      metadata.erase(member.key());
    } else {
      metadata[member.key()] = member.value();
    }
  }
}

}  // namespace

StripeResult<Object> StripeApi::retrieve_event(const StripeCall& call) {
  StripeResult<Object> event = object_of(state_.events, call.path[1], "event", "id");
  if (event && events_.delivered(call.path[1])) (*event)["pending_webhooks"] = 0;
  return event;
}

StripeResult<Object> StripeApi::list_events(const StripeCall& call) {
  const Object& given = call.parameters;
  const Value* types = given.if_contains("types");
  const std::string type = text_of(given, "type");
  const std::string success = text_of(given, "delivery_success");
  if (types != nullptr && !type.empty()) {
    StripeError error;
    error.message = "You may only specify one of these parameters: type, types.";
    return refuse(error);
  }
  const std::int64_t oldest = to_unix_s(clock_.now()) - events_kept_s;
  const Filter filter = [&](const Object& event) {
    if (integer_of(event, "created") < oldest) return false;
    const std::string its_type = text_of(event, "type");
    const bool done =
        integer_of(event, "pending_webhooks") == 0 || events_.delivered(text_of(event, "id"));
    if (!success.empty() && (success == "true") != done) return false;
    if (!type.empty()) return its_type == type;
    if (types == nullptr || !types->is_array()) return true;
    return std::ranges::any_of(types->get_array(),
                               [&](const Value& wanted) { return wanted == Value(its_type); });
  };
  StripeResult<Object> page = page_of(state_.events, given, "event", "/v1/events", filter);
  if (!page) return page;
  for (Value& event : page->at("data").get_array()) {
    Object& object = event.get_object();
    if (events_.delivered(text_of(object, "id"))) object["pending_webhooks"] = 0;
  }
  return page;
}

StripeResult<Object> StripeApi::retrieve_intent(const StripeCall& call) {
  return object_of(state_.intents, call.path[1], "payment_intent", "intent");
}

StripeResult<Object> StripeApi::retrieve_charge(const StripeCall& call) {
  return object_of(state_.charges, call.path[1], "charge", "id");
}

StripeResult<Object> StripeApi::list_charges(const StripeCall& call) {
  return page_of(state_.charges, call.parameters, "charge", "/v1/charges",
                 of_payment(call.parameters));
}

StripeResult<Object> StripeApi::update_charge(const StripeCall& call) {
  Object* charge = state_.charges.find(call.path[1]);
  if (charge == nullptr) return refuse(no_such("charge", call.path[1], "charge"));
  Object metadata = charge->at("metadata").get_object();
  if (const Value* given = call.parameters.if_contains("metadata"))
    merge_metadata(*given, metadata);
  if (metadata.size() > metadata_keys_max) {
    StripeError error;
    error.message = fmt::format("Metadata can have up to {} keys.", metadata_keys_max);
    error.param = "metadata";
    return refuse(error);
  }
  // The event shows what changed, so the old value is copied first.
  const Object before{{"metadata", charge->at("metadata")}};
  (*charge)["metadata"] = std::move(metadata);
  for (const char* name : {"description", "receipt_email"}) {
    const std::string text = text_of(call.parameters, name);
    if (!text.empty()) (*charge)[name] = text;
  }
  events_.emit("charge.updated", *charge, call.cause, before);
  return *charge;
}

StripeResult<Object> StripeApi::create_refund(const StripeCall& call) {
  const Object& given = call.parameters;
  const std::string intent_id = text_of(given, "payment_intent");
  std::string charge_id = text_of(given, "charge");
  if (intent_id.empty() && charge_id.empty()) {
    StripeError error;
    error.message =
        "One of the following params should be provided for this request: "
        "payment_intent or charge.";
    return refuse(error);
  }
  if (!intent_id.empty()) {
    const Object* intent = state_.intents.find(intent_id);
    if (intent == nullptr) return refuse(no_such("payment_intent", intent_id, "payment_intent"));
    charge_id = text_of(*intent, "latest_charge");
  }
  Object* charge = state_.charges.find(charge_id);
  if (charge == nullptr && intent_id.empty()) return refuse(no_such("charge", charge_id, "charge"));
  if (charge == nullptr || !bool_of(*charge, "paid")) {
    StripeError error;
    error.message = fmt::format(
        "This PaymentIntent ({}) does not have a successful charge to "
        "refund.",
        intent_id);
    error.executed = true;
    return refuse(error);
  }
  const std::int64_t amount = integer_parameter(given, "amount", 0);
  if (!text_of(given, "amount").empty() && amount < 1) {
    StripeError error;
    error.message = "Invalid positive integer";
    error.code = "parameter_invalid_integer";
    error.param = "amount";
    return refuse(error);
  }
  const Value* metadata = given.if_contains("metadata");
  return payments_.refund(
      *charge, amount,
      metadata != nullptr && metadata->is_object() ? metadata->get_object() : Object(),
      text_of(given, "reason"), call.cause);
}

StripeResult<Object> StripeApi::retrieve_refund(const StripeCall& call) {
  return object_of(state_.refunds, call.path[1], "refund", "id");
}

StripeResult<Object> StripeApi::list_refunds(const StripeCall& call) {
  return page_of(state_.refunds, call.parameters, "refund", "/v1/refunds",
                 of_payment(call.parameters));
}

StripeResult<Object> StripeApi::retrieve_dispute(const StripeCall& call) {
  return object_of(state_.disputes, call.path[1], "dispute", "dispute");
}

StripeResult<Object> StripeApi::list_disputes(const StripeCall& call) {
  return page_of(state_.disputes, call.parameters, "dispute", "/v1/disputes",
                 of_payment(call.parameters));
}

StripeResult<Object> StripeApi::retrieve_price(const StripeCall& call) {
  return object_of(state_.prices, call.path[1], "price", "price");
}

}  // namespace claimcheck::sandbox
