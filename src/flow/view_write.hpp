// How a pass writes the view of a claim: spliced into the session value as it is in Redis now.
// Members of other writers survive, and so does a file that another program has put there. A value
// that has vanished is rebuilt. Errors: unreadable (the value is no session), the store's.
#pragma once

#include "flow/order_in_work.hpp"

namespace claimcheck {

// `after` is the claim as it will be stored together with the view.
Async<ViewWrite> view_write(const OrderInWork& order, const Claim& after);

}  // namespace claimcheck
