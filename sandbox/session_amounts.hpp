// The amounts of a session and of its line items: the prices, less a discount, with shipping, and
// with tax as soon as the buyer's address is known. Computed anew after each change of the session.
#pragma once

#include "sandbox/coupons.hpp"
#include "sandbox/json_text.hpp"

#include <string_view>

namespace claimcheck::sandbox {

// Amounts in this currency must be multiples of it to be charged or sent back.
std::int64_t step_of(std::string_view currency);

// `session` names its discount, its shipping cost and the state of its tax; `items` have their
// subtotals.
void compute_amounts(Object& session, Array& items, const Offers& offers);

}  // namespace claimcheck::sandbox
