#include "sandbox/stripe_state.hpp"

#include <algorithm>

namespace claimcheck::sandbox {

Object& Collection::add(Object object) {
  places_[text_of(object, "id")] = objects_.size();
  return objects_.emplace_back(std::move(object));
}

Object* Collection::find(std::string_view id) {
  const std::optional<std::size_t> place = place_of(id);
  return place ? &objects_[*place] : nullptr;
}

const Object* Collection::find(std::string_view id) const {
  const std::optional<std::size_t> place = place_of(id);
  return place ? &objects_[*place] : nullptr;
}

std::optional<std::size_t> Collection::place_of(std::string_view id) const {
  const auto place = places_.find(std::string(id));
  return place == places_.end() ? std::nullopt : std::optional(place->second);
}

const Object* StripeState::find_any(std::string_view id) const {
  for (const Collection* collection : {&intents, &charges, &refunds, &disputes, &sessions}) {
    if (const Object* object = collection->find(id)) return object;
  }
  return nullptr;
}

const Object* StripeState::session_of_intent(std::string_view intent) const {
  if (intent.empty()) return nullptr;
  const auto found = std::ranges::find_if(sessions.all(), [intent](const Object& session) {
    return text_of(session, "payment_intent") == intent;
  });
  return found == sessions.all().end() ? nullptr : &*found;
}

}  // namespace claimcheck::sandbox
