#include "sandbox/checkouts.hpp"

#include "base/json.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/parameters.hpp"
#include "sandbox/session_amounts.hpp"
#include "sandbox/session_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>

namespace claimcheck::sandbox {

namespace {

constexpr std::int64_t lifetime_min_s = 30 * 60;
constexpr std::int64_t lifetime_max_s = 24 * 3600;
constexpr std::int64_t clock_slack_s = 60;  // between our clock and the caller's
constexpr std::size_t line_items_max = 100;

StripeError bad(std::string message, std::string param, std::string code = "") {
  StripeError error;
  error.message = std::move(message);
  error.param = std::move(param);
  error.code = std::move(code);
  return error;
}

bool is_url(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

// The rules of Stripe beyond the types of single parameters.
std::optional<StripeError> check_create(const Object& given, std::int64_t now_s) {
  const std::string mode = text_of(given, "mode");
  if (mode.empty()) return missing_parameter("mode");
  if (mode != "payment") return bad("The sandbox only knows mode payment.", "mode");
  if (text_of(given, "success_url").empty()) return missing_parameter("success_url");
  for (const char* name : {"success_url", "cancel_url"}) {
    const std::string url = text_of(given, name);
    if (!url.empty() && !is_url(url)) return bad("Not a valid URL", name, "url_invalid");
  }
  const std::string email = text_of(given, "customer_email");
  if (!email.empty() && (email.find('@') == std::string::npos || email.ends_with('@'))) {
    return bad("Invalid email address: " + email, "customer_email", "email_invalid");
  }
  const std::int64_t expires = integer_parameter(given, "expires_at", now_s + lifetime_max_s);
  if (expires < now_s + lifetime_min_s - clock_slack_s) {
    return bad(
        "The `expires_at` timestamp must be at least 30 minutes from Checkout Session "
        "creation.",
        "expires_at");
  }
  if (expires > now_s + lifetime_max_s + clock_slack_s) {
    return bad(
        "The `expires_at` timestamp must be less than 24 hours from Checkout Session "
        "creation.",
        "expires_at");
  }
  return std::nullopt;
}

// Members of the session that are copied from the request.
void copy_texts(const Object& given, Object& session) {
  for (const char* name : {"success_url", "cancel_url", "client_reference_id", "customer_email",
                           "integration_identifier", "ui_mode", "origin_context"}) {
    const std::string text = text_of(given, name);
    if (!text.empty()) session[name] = text;
  }
  if (const Value* metadata = given.if_contains("metadata"); metadata && metadata->is_object()) {
    session["metadata"] = *metadata;
  }
  if (const Value* types = given.if_contains("allowed_payment_method_types")) {
    session["allowed_payment_method_types"] = *types;
    session["payment_method_types"] = *types;
  }
}

}  // namespace

StripeResult<Object> Checkouts::read_price(const Object& item, const std::string& param) {
  const Value* data = item.if_contains("price_data");
  if (data == nullptr || !data->is_object()) {
    const std::string id = text_of(item, "price");
    if (id.empty()) return refuse(missing_parameter(param + "[price]"));
    const Object* price = state_.prices.find(id);
    if (price == nullptr) return refuse(no_such("price", id, param + "[price]", 400));
    return *price;
  }
  const Object& given = data->get_object();
  for (const char* name : {"currency", "unit_amount"}) {
    if (text_of(given, name).empty()) {
      return refuse(missing_parameter(fmt::format("{}[price_data][{}]", param, name)));
    }
  }
  const std::int64_t amount = integer_parameter(given, "unit_amount", 0);
  if (amount < 0) {
    return refuse(bad("Invalid non-negative integer", param + "[price_data][unit_amount]",
                      "parameter_invalid_integer"));
  }
  return new_price(new_id("price_1"), text_of(given, "currency"), amount, to_unix_s(clock_.now()));
}

StripeResult<Array> Checkouts::read_line_items(const Object& given) {
  const Value* items = given.if_contains("line_items");
  if (items == nullptr || !items->is_array()) return refuse(missing_parameter("line_items"));
  if (items->get_array().size() > line_items_max) {
    return refuse(bad("Too many line items; at most 100.", "line_items"));
  }
  Array result;
  for (const Value& item : items->get_array()) {
    const std::string param = fmt::format("line_items[{}]", result.size());
    const Object& fields = item.get_object();
    StripeResult<Object> price = read_price(fields, param);
    if (!price) return std::unexpected(price.error());
    if (text_of(fields, "quantity").empty()) return refuse(missing_parameter(param + "[quantity]"));
    const std::int64_t quantity = integer_parameter(fields, "quantity", 0);
    if (quantity < 1) {
      return refuse(bad("This value must be greater than or equal to 1.", param + "[quantity]",
                        "parameter_invalid_integer"));
    }
    std::string name = text_of(*price, "nickname");
    if (const Value* product = json::find(item, "price_data", "product_data", "name")) {
      name = product->get_string();
    }
    result.push_back(new_line_item(*price, name, quantity));
  }
  return result;
}

StripeResult<Object> Checkouts::create(const StripeCall& call) {
  const Object& given = call.parameters;
  const std::int64_t now_s = to_unix_s(clock_.now());
  if (auto error = check_create(given, now_s)) return refuse(*error);
  StripeResult<Array> items = read_line_items(given);
  if (!items) return std::unexpected(items.error());

  const std::string currency = text_of((*items)[0].get_object(), "currency");
  for (const Value& item : *items) {
    if (text_of(item.get_object(), "currency") != currency) {
      return refuse(bad("All line items must have the same currency.", "line_items"));
    }
  }
  if (auto error = check_options(given, currency, state_.offers)) return refuse(*error);
  Object session = new_session(currency, now_s);
  copy_texts(given, session);
  copy_options(given, session, state_.offers);
  const std::string id = text_of(session, "id");
  compute_amounts(session, *items, state_.offers);
  session["expires_at"] = integer_parameter(given, "expires_at", now_s + lifetime_max_s);
  session["url"] = state_.base_url + "/c/pay/" + id;
  state_.line_items[id] = std::move(*items);
  if (const Value* data = given.if_contains("payment_intent_data"); data && data->is_object()) {
    state_.intent_data[id] = data->get_object();
  }
  // Line items first: a request may find the session and expand them at once.
  const Object& added = state_.sessions.add(std::move(session));
  payments_.expire_when_due(id);
  return added;
}

StripeResult<Object*> Checkouts::find(const std::string& id) {
  Object* session = state_.sessions.find(id);
  if (session == nullptr) return refuse(no_such("checkout.session", id, "session"));
  return session;
}

StripeResult<Object> Checkouts::retrieve(const StripeCall& call) const {
  const Object* session = state_.sessions.find(call.path[2]);
  if (session == nullptr) return refuse(no_such("checkout.session", call.path[2], "session"));
  return *session;
}

StripeResult<Object> Checkouts::list(const StripeCall& call) const {
  const Object& given = call.parameters;
  const std::string intent = text_of(given, "payment_intent");
  const std::string status = text_of(given, "status");
  const Value* details = given.if_contains("customer_details");
  const std::string email =
      details != nullptr && details->is_object() ? text_of(details->get_object(), "email") : "";
  const Filter filter = [&](const Object& session) {
    if (!intent.empty() && text_of(session, "payment_intent") != intent) return false;
    if (!status.empty() && text_of(session, "status") != status) return false;
    const Object* buyer = session.at("customer_details").if_object();
    return email.empty() || (buyer != nullptr && text_of(*buyer, "email") == email);
  };
  return page_of(state_.sessions, given, "checkout.session", "/v1/checkout/sessions", filter);
}

StripeResult<Object> Checkouts::line_items(const StripeCall& call) const {
  const std::string& id = call.path[2];
  if (state_.sessions.find(id) == nullptr) {
    return refuse(no_such("checkout.session", id, "session"));
  }
  Collection newest_first;  // page_of reverses the order; line items must keep theirs
  const Array items = line_item_list(state_, id).at("data").get_array();
  for (const Value& item : items | std::views::reverse) newest_first.add(item.get_object());
  return page_of(newest_first, call.parameters, "line_item",
                 "/v1/checkout/sessions/" + id + "/line_items", [](const Object&) { return true; });
}

StripeResult<Object> Checkouts::expire(const StripeCall& call) {
  const StripeResult<Object*> session = find(call.path[2]);
  if (!session) return std::unexpected(session.error());
  const std::string status = text_of(**session, "status");
  if (status != "open") {
    StripeError error =
        bad(fmt::format("Only Checkout Sessions with a status in [\"open\"] can be expired. This "
                        "Checkout Session has a status of `{}`.",
                        status),
            "");
    // Stripe had begun the operation, so it repeats this error under the same key.
    error.executed = true;
    return refuse(error);
  }
  payments_.expire(**session, call.cause);
  return **session;
}

const Object* Checkouts::recoverable(std::string_view path) const {
  const auto leads_here = [path](const Object& session) {
    const Object* after = session.at("after_expiration").if_object();
    const Value* recovery = after == nullptr ? nullptr : after->if_contains("recovery");
    return recovery != nullptr && json::text_at(*recovery, "url").ends_with(path);
  };
  const auto& all = state_.sessions.all();
  const auto found = std::ranges::find_if(all, leads_here);
  return found == all.end() ? nullptr : &*found;
}

Result<std::string> Checkouts::recover(std::string_view path) {
  const Object* left = recoverable(path);
  if (left == nullptr) return fail(Errc::not_found, "there is no such page");
  const std::int64_t now_s = to_unix_s(clock_.now());
  Object session = *left;
  const std::string id = new_session_id();
  const std::string old = text_of(session, "id");
  Object& recovery = session["after_expiration"].get_object()["recovery"].get_object();
  if (integer_of(recovery, "expires_at") < now_s) {
    return fail(Errc::conflict, "this page is not valid any more");
  }
  session["id"] = id;
  session["recovered_from"] = old;
  session["created"] = now_s;
  session["expires_at"] = now_s + lifetime_max_s;
  session["status"] = "open";
  session["payment_intent"] = session["customer_details"] = nullptr;
  session["allow_promotion_codes"] = bool_of(recovery, "allow_promotion_codes");
  session["url"] = state_.base_url + "/c/pay/" + id;
  recovery["url"] = recovery["expires_at"] = nullptr;
  Array items = state_.line_items[old];
  for (Value& item : items) item.get_object()["id"] = new_id("li_1");
  state_.line_items[id] = std::move(items);
  state_.intent_data[id] = state_.intent_data[old];
  std::string url = text_of(state_.sessions.add(std::move(session)), "url");
  payments_.expire_when_due(id);
  return url;
}

Object& Checkouts::add_foreign() {
  const std::int64_t now_s = to_unix_s(clock_.now());
  Object session = new_session("usd", now_s);
  session["amount_subtotal"] = 1900;
  session["amount_total"] = 1900;
  session["success_url"] = "https://other-product.example/thanks";
  session["expires_at"] = now_s + lifetime_max_s;
  const std::string id = text_of(session, "id");
  const Object price = new_price(new_id("price_1"), "usd", 1900, now_s);
  state_.line_items[id] = Array{new_line_item(price, "Another product", 1)};
  return state_.sessions.add(std::move(session));
}

}  // namespace claimcheck::sandbox
