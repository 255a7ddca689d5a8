// StripeState: everything that the imitated Stripe account holds, as the JSON objects that its API
// answers. A Collection keeps objects in the order of their creation and finds them by id.
// References stay valid for ever; nothing is deleted.
#pragma once

#include "sandbox/coupons.hpp"
#include "sandbox/json_text.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace claimcheck::sandbox {

class Collection {
 public:
  Object& add(Object object);
  Object* find(std::string_view id);
  const Object* find(std::string_view id) const;
  std::optional<std::size_t> place_of(std::string_view id) const;  // in all()
  const std::deque<Object>& all() const { return objects_; }

 private:
  std::deque<Object> objects_;
  std::unordered_map<std::string, std::size_t> places_;
};

struct StripeState {
  Collection prices;
  Collection sessions;
  Collection intents;
  Collection charges;
  Collection refunds;
  Collection disputes;
  Collection events;
  Offers offers;
  std::string base_url;  // of the sandbox itself, for the addresses in its answers
  std::unordered_map<std::string, Array> line_items;    // by session
  std::unordered_map<std::string, Object> intent_data;  // by session: payment_intent_data

  // The object of that id in any collection that other objects refer to, or null.
  const Object* find_any(std::string_view id) const;
  // The session that a payment intent belongs to, or null.
  const Object* session_of_intent(std::string_view intent) const;
};

}  // namespace claimcheck::sandbox
