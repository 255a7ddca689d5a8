// A unit's place at a generator that takes only so much at once (store/generator_places.hpp): kept
// while the unit has a job or may have one, given up when it has none, and the next ones woken. For
// a generator without limits none of this calls the store. A call that fails is logged and costs
// time only: places and lines lapse by themselves.
#pragma once

#include "flow/order_in_work.hpp"

#include <string>
#include <vector>

namespace claimcheck {

// The unit as the line of that generator knows it.
WaitingUnit unit_in_line(const OrderInWork& order, std::size_t unit, const std::string& generator);
// To be called before each question about the unit's job.
boost::asio::awaitable<void> keep_place(const OrderInWork& order, std::size_t unit);
// All places of the order, while nobody asks about its jobs.
boost::asio::awaitable<void> keep_places(const OrderInWork& order);
// `order.claim` is stored: units that have no job any more leave their places.
boost::asio::awaitable<void> leave_places(const OrderInWork& order, const Claim& before);
// It is the turn of these sessions.
boost::asio::awaitable<void> wake_next(Context& context, std::vector<std::string> sessions);

}  // namespace claimcheck
