// The lists of orders that wait for a person: those that are held, and those of which the bank
// awaits an answer. A pass that leaves an order so lists it before its place in the work index is
// given up (list_for_a_person), so whoever dies in between is followed by another pass.
// Who takes an order out of waiting, or reads a list, drops what does not wait any more; by the
// time that was read before the claim, so that nothing that was listed anew meanwhile goes.
#pragma once

#include "flow/order_in_work.hpp"

#include <array>
#include <set>
#include <string>

namespace claimcheck {

inline constexpr std::array for_a_person = {OrderList::held, OrderList::disputed};

// Does the order wait for a person in the way that this list is about?
bool belongs_on(OrderList which, const Claim& claim);
// The time that it is listed by there.
Time listed_by(OrderList which, const Claim& claim, Time now);
// Lists the order, if the pass leaves it so; how the pass ends then. `anew`: where it began to
// belong in this pass, and gets a new time.
boost::asio::awaitable<PassEnd> list_for_a_person(const OrderInWork& order,
                                                  const std::set<OrderList>& anew, PassEnd end);
// After an order has ceased to belong there.
boost::asio::awaitable<void> unlist(Context& context, OrderList which, std::string session_id);
// What the list has, and does not belong there now: false when it was dropped. `claim` was read
// later.
boost::asio::awaitable<bool> still_listed(OrderLists& lists, OrderList which, ListedOrder listed,
                                          const Result<Claim>& claim);

}  // namespace claimcheck
