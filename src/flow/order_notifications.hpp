// The end of a pass: what the order has become is put into the outbox, once for each channel, then
// the claim notes that it was. A crash in between repeats the first, which then finds its messages
// there. Nothing waits for a receiver here: sending is the dispatcher's.
#pragma once

#include "flow/order_in_work.hpp"

namespace claimcheck {

// How the pass ends then: Abandoned when the outbox did not take it, Parked when another pass has
// stored a newer claim.
boost::asio::awaitable<PassEnd> put_notifications(const OrderInWork& order, PassEnd end);

}  // namespace claimcheck
