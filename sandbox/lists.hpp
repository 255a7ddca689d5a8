// The two parts that all read operations of Stripe's API share: pages of a list (newest first, with
// cursors and created[...] filters), and expand[], which replaces ids by their objects. Both work
// on copies; Stripe's state does not change.
#pragma once

#include "sandbox/stripe_error.hpp"
#include "sandbox/stripe_state.hpp"

#include <functional>
#include <string>

namespace claimcheck::sandbox {

using Filter = std::function<bool(const Object&)>;

// {"object": "list", "data": [...], "has_more", "url"}. `what` names the objects in the error of a
// bad cursor.
StripeResult<Object> page_of(const Collection& collection, const Object& parameters,
                             std::string_view what, std::string url, const Filter& filter);

// Applies the expand[] parameter to one object or a list.
StripeResult<Object> expanded(Object object, const Object& parameters, const StripeState& state);

Object line_item_list(const StripeState& state, const std::string& session);

}  // namespace claimcheck::sandbox
