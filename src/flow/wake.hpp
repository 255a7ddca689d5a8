// How an order is woken: it is made due now, and its pass begins at once. This process takes it if
// it has a place free; otherwise the other processes are told. The due entry alone is a promise.
// Without the rest, or when this process dies before its look, the next look of any process finds
// it. Stories call this and never WorkQueue::wake.
#pragma once

#include "flow/context.hpp"
#include "store/async.hpp"

#include <string>

namespace claimcheck {

// Errors: as of WorkQueue::wake.
Async<void> wake(Context& context, std::string member);

}  // namespace claimcheck
