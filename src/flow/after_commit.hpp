// After a stored step of an order: the log, metrics, alarms, the lists for a person, the
// generator's queue, the search index, the bytes of unpaid orders. All of it is derived from the
// claim before and after, and none of it decides anything. A crash in the middle loses counts. The
// next pass repeats the entries that must not be lost.
#pragma once

#include "flow/order_in_work.hpp"

#include <set>

namespace claimcheck {

// `order.claim` is the stored claim. Returns the lists where the order begins to belong, or gets
// another place. Never fails: what Redis does not take is logged.
boost::asio::awaitable<std::set<OrderList>> after_commit(const OrderInWork& order,
                                                         const Claim& before,
                                                         const Decision& decision);

}  // namespace claimcheck
