#include "flow/for_a_person.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"

namespace claimcheck {

bool belongs_on(OrderList which, const Claim& claim) {
  return which == OrderList::held ? is_held(claim) : needs_answer(claim.dispute);
}

Time listed_by(OrderList which, const Claim& claim, Time now) {
  if (which == OrderList::held) return now;
  // The entry with the earliest deadline is the most urgent one. Not every dispute has a deadline.
  const Dispute& dispute = claim.dispute;
  return from_us(can_be_answered(dispute) ? dispute.due_us : dispute.created_us);
}

boost::asio::awaitable<void> unlist(Context& context, OrderList which, std::string session_id) {
  // The time first, then the claim: if another pass lists the order in between, its new time
  // differs and the entry stays.
  const Result<Time> since = co_await context.store.lists->listed_since(which, session_id);
  if (!since) co_return;
  const Result<Claim> claim = co_await context.store.orders->load(session_id);
  const ListedOrder listed{.session_id = session_id, .when = *since};
  co_await still_listed(*context.store.lists, which, listed, claim);
}

boost::asio::awaitable<bool> still_listed(OrderLists& lists, OrderList which, ListedOrder listed,
                                          const Result<Claim>& claim) {
  const bool gone = !claim && claim.error().code == Errc::not_found;
  // A claim that cannot be read may belong there, so its entry stays.
  if (!gone && (!claim || belongs_on(which, *claim))) co_return true;
  const std::string session_id = listed.session_id;
  const Result<void> dropped = co_await lists.unlist(which, std::move(listed));
  if (!dropped) log_info("order_not_unlisted", {{"session", session_id}});
  co_return false;
}

// Also an order that this pass did not change: the pass that held it may have died before it listed
// it.
boost::asio::awaitable<PassEnd> list_for_a_person(const OrderInWork& order,
                                                  const std::set<OrderList>& anew, PassEnd end) {
  // Redis did not answer, so what is stored is not known: the next pass lists it.
  if (std::holds_alternative<Abandoned>(end)) co_return end;
  for (const OrderList which : for_a_person) {
    if (!belongs_on(which, order.claim)) continue;
    failpoint("held.before_list");
    const Time when = listed_by(which, order.claim, order.context.clock.now());
    const IfListed already = anew.contains(which) ? IfListed::anew : IfListed::keep;
    const Result<void> listed =
        co_await order.context.store.lists->enlist(which, order.id, when, already);
    if (!listed) co_return Abandoned();
  }
  co_return end;
}

}  // namespace claimcheck
