// What follows a stored step of an order: the log, metrics, alarms, the lists for a person, the
// generator's queue, the search index, the bytes of unpaid orders. All of it is derived from the
// claim before and after, and none of it decides anything: a crash in the middle loses counts, and
// what must not be lost is repeated by the next pass.
#pragma once

#include "flow/order_in_work.hpp"

#include <set>

namespace claimcheck {

// `order.claim` is as stored now. Returns the lists where the order begins to belong, or moves.
boost::asio::awaitable<std::set<OrderList>> after_commit(const OrderInWork& order,
                                                         const Claim& before,
                                                         const Decision& decision);

}  // namespace claimcheck
