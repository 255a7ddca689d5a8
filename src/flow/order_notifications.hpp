// The end of a pass: puts the due notifications into the outbox, one outbox message for each
// channel, then stores in the claim that they are there. After a crash in between the next pass
// repeats the first step and finds its messages there. Nothing waits for a receiver here: the
// dispatcher sends.
#pragma once

#include "flow/order_in_work.hpp"

namespace claimcheck {

// Returns how the pass ends then: Abandoned when the outbox did not take a message, Parked when
// another pass has stored a newer claim.
boost::asio::awaitable<PassEnd> put_notifications(const OrderInWork& order, PassEnd end);

}  // namespace claimcheck
