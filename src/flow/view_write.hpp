// How a pass writes the view of a claim: spliced into the session value as it is in Redis now.
// Members of other writers survive, and so does a file that another program has put there. A value
// that has vanished is rebuilt. Errors: unreadable (the value is no session), the store's.
#pragma once

#include "flow/order_in_work.hpp"
#include "store/codec.hpp"

#include <vector>

namespace claimcheck {

// `after` is the claim as it will be stored together with the view. `also` are members that the
// view has no say in; with them the value must be the one that they were spliced into.
Async<ViewWrite> view_write(const OrderInWork& order, const Claim& after,
                            std::vector<MemberChange> also = {});

}  // namespace claimcheck
