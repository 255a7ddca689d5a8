// The list of orders that wait for a person. A pass that leaves an order held lists it before its
// place in the work index is given up (OrderPass::list_held), so whoever dies in between is
// followed by another pass. Who takes an order out of being held, or reads the list, drops what is
// not held any more; by the time that was read before the claim, so that nothing that was held anew
// meanwhile goes.
#pragma once

#include "flow/context.hpp"

#include <string>

namespace claimcheck {

// After an order was held no more.
boost::asio::awaitable<void> unlist_held(Context& context, std::string session_id);
// What the list has, and is not held now: false when it was dropped. `claim` was read later.
boost::asio::awaitable<bool> still_held(Store& store, ListedOrder listed,
                                        const Result<Claim>& claim);

}  // namespace claimcheck
