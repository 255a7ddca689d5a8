// The list of orders that wait for a person. An order is listed before the write that holds it, so
// a crash between the two leaves one too many on the list and never one too few; whoever reads the
// list, or takes an order out of being held, drops what is not held any more.
#pragma once

#include "flow/context.hpp"

#include <string>

namespace claimcheck {

// Before `after` is stored in the place of `before`. Errors: Redis'; then nothing may be stored.
boost::asio::awaitable<Result<void>> list_held(Context& context, std::string session_id,
                                               const Claim& before, const Claim& after);
// After an order was held no more.
boost::asio::awaitable<void> unlist_held(Context& context, std::string session_id);
// What the list has, and is not held now: false when it was dropped.
boost::asio::awaitable<bool> still_held(Store& store, ListedOrder listed,
                                        const Result<Claim>& claim);

}  // namespace claimcheck
