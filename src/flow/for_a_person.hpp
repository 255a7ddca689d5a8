// The lists of orders that wait for a person: held orders, and orders with a dispute that awaits an
// answer. A pass lists such an order before it gives up the order's place in the work index
// (list_for_a_person). If the process dies in between, another pass follows. An entry that no
// longer waits is dropped by the step that ends the waiting, and by each reader of a list. Such a
// drop names the time that was read before the claim, so an entry that was listed anew meanwhile
// stays.
#pragma once

#include "flow/order_in_work.hpp"

#include <array>
#include <set>
#include <string>

namespace claimcheck {

inline constexpr std::array for_a_person = {OrderList::held, OrderList::disputed};

// Does the order belong on this list?
bool belongs_on(OrderList which, const Claim& claim);
// The time by which the list is sorted. Held: now. Disputed: until when the bank awaits an answer,
// or the creation of the dispute where Stripe names no such time.
Time listed_by(OrderList which, const Claim& claim, Time now);
// Lists the order, if it belongs there at the end of the pass. Returns how the pass ends then:
// Abandoned when Redis did not take it. `anew`: the lists where it began to belong in this pass;
// there it gets a new time.
boost::asio::awaitable<PassEnd> list_for_a_person(const OrderInWork& order,
                                                  const std::set<OrderList>& anew, PassEnd end);
// For an order that has ceased to belong there. Never fails: readers drop what is left over.
boost::asio::awaitable<void> unlist(Context& context, OrderList which, std::string session_id);
// For an entry that was read from the list: false when the order does not belong there and was
// dropped. `claim` must be read after the entry.
boost::asio::awaitable<bool> still_listed(OrderLists& lists, OrderList which, ListedOrder listed,
                                          const Result<Claim>& claim);

}  // namespace claimcheck
