#include "sandbox/webhook_endpoints.hpp"

#include "sandbox/ids.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/stripe_objects.hpp"

namespace claimcheck::sandbox {

Object& WebhookEndpoints::add(const std::string& url, Array events, Value api_version) {
  return endpoints_.add(Object{{"id", new_id("we_1")},
                               {"object", "webhook_endpoint"},
                               {"api_version", std::move(api_version)},
                               {"application", nullptr},
                               {"created", to_unix_s(clock_.now())},
                               {"description", nullptr},
                               {"enabled_events", std::move(events)},
                               {"livemode", false},
                               {"metadata", Object()},
                               {"status", "enabled"},
                               {"url", url}});
}

void WebhookEndpoints::add_first(const std::string& url) {
  add(url, Array{"*"}, text_or_null(std::string(stripe_api_version)));
}

StripeResult<Object> WebhookEndpoints::create(const StripeCall& call) {
  const std::string url = text_of(call.parameters, "url");
  if (url.empty()) return refuse(missing_parameter("url"));
  const Value* events = call.parameters.if_contains("enabled_events");
  if (events == nullptr || !events->is_array() || events->get_array().empty()) {
    return refuse(missing_parameter("enabled_events"));
  }
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    StripeError error;
    error.code = "url_invalid";
    error.message = "Invalid URL: An explicit scheme (such as https) must be provided.";
    error.param = "url";
    return refuse(std::move(error));
  }
  const std::string version = text_of(call.parameters, "api_version");
  Object& added = add(url, events->get_array(), text_or_null(version));
  added["description"] = text_or_null(text_of(call.parameters, "description"));
  if (const Value* metadata = call.parameters.if_contains("metadata"))
    added["metadata"] = *metadata;
  // Of the answer alone: Stripe never shows it again.
  Object answer = added;
  answer["secret"] = "whsec_" + random_text(32);
  return answer;
}

StripeResult<Object> WebhookEndpoints::update(const StripeCall& call) {
  Object* found = endpoints_.find(call.path[1]);
  if (found == nullptr) {
    return refuse(no_such("webhook endpoint", call.path[1], "webhook_endpoint"));
  }
  if (call.parameters.contains("disabled")) {
    (*found)["status"] = text_of(call.parameters, "disabled") == "true" ? "disabled" : "enabled";
  }
  for (const char* name : {"description", "metadata"}) {
    if (const Value* value = call.parameters.if_contains(name)) (*found)[name] = *value;
  }
  return *found;
}

StripeResult<Object> WebhookEndpoints::list(const StripeCall& call) const {
  return page_of(endpoints_, call.parameters, "webhook_endpoint", "/v1/webhook_endpoints",
                 [](const Object&) { return true; });
}

StripeResult<Object> WebhookEndpoints::retrieve(const StripeCall& call) const {
  const Object* found = endpoints_.find(call.path[1]);
  if (found == nullptr) {
    return refuse(no_such("webhook endpoint", call.path[1], "webhook_endpoint"));
  }
  return *found;
}

}  // namespace claimcheck::sandbox
