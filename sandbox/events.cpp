#include "sandbox/events.hpp"

#include "sandbox/ids.hpp"
#include "sandbox/stripe_objects.hpp"

namespace claimcheck::sandbox {

std::string Events::emit(std::string_view type, const Object& object, const Cause& cause,
                         const Object& previous) {
  Object data{{"object", object}};
  if (!previous.empty()) data["previous_attributes"] = previous;
  Object told{{"id", new_id("evt_1")},
              {"object", "event"},
              {"api_version", stripe_api_version},
              {"created", to_unix_s(clock_.now())},
              {"data", std::move(data)},
              {"livemode", bool_of(object, "livemode")},
              {"pending_webhooks", webhooks_.endpoint().url.empty() ? 0 : 1},
              {"request",
               {{"id", text_or_null(cause.request_id)},
                {"idempotency_key", text_or_null(cause.idempotency_key)}}},
              {"type", type}};
  if (!connected_.empty()) told["account"] = connected_;
  const Object& event = state_.events.add(std::move(told));
  webhooks_.send(event);
  return text_of(event, "id");
}

std::string Events::emit_thin(std::string_view type, const Object& object) {
  const std::string id = text_of(object, "id");
  const Object event{
      {"id", "evt_test_" + random_text(30)},
      {"object", "v2.core.event"},
      {"context", nullptr},
      {"created", to_iso(clock_.now())},
      {"livemode", false},
      {"reason", nullptr},
      {"related_object",
       {{"id", id}, {"type", "checkout.session"}, {"url", "/v1/checkout/sessions/" + id}}},
      {"snapshot_event", nullptr},
      {"type", type}};
  webhooks_.send(event);
  return text_of(event, "id");
}

}  // namespace claimcheck::sandbox
