// The two things every read operation of Stripe's API shares: pages of a list (newest first, with
// cursors and created[...] filters) and expand[], which puts objects in the place of their ids.
// Both work on copies; the state stay as they are.
#pragma once

#include "sandbox/stripe_error.hpp"
#include "sandbox/stripe_state.hpp"

#include <functional>
#include <string>

namespace claimcheck::sandbox {

using Filter = std::function<bool(const Object&)>;

// {"object": "list", "data": [...], "has_more", "url"}. `what` is the word for a bad cursor.
StripeResult<Object> page_of(const Collection& collection, const Object& parameters,
                             std::string_view what, std::string url, const Filter& filter);

// Carries out the expand[] parameter on one object or a list.
StripeResult<Object> expanded(Object object, const Object& parameters, const StripeState& state);

Object line_item_list(const StripeState& state, const std::string& session);

}  // namespace claimcheck::sandbox
