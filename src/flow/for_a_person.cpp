#include "flow/for_a_person.hpp"

#include "base/log.hpp"

namespace claimcheck {

bool belongs_on(OrderList which, const Claim& claim) {
  return which == OrderList::held ? is_held(claim) : needs_answer(claim.dispute);
}

Time listed_by(OrderList which, const Claim& claim, Time now) {
  if (which == OrderList::held) return now;
  const Dispute& dispute = claim.dispute;
  return from_us(dispute.due_us != 0 ? dispute.due_us : dispute.created_us);
}

boost::asio::awaitable<void> unlist(Context& context, OrderList which, std::string session_id) {
  const Result<Time> since = co_await context.store.listed_since(which, session_id);
  if (!since) co_return;
  const Result<Claim> claim = co_await context.store.load(session_id);
  const ListedOrder listed{.session_id = session_id, .when = *since};
  co_await still_listed(context.store, which, listed, claim);
}

boost::asio::awaitable<bool> still_listed(Store& store, OrderList which, ListedOrder listed,
                                          const Result<Claim>& claim) {
  const bool gone = !claim && claim.error().code == Errc::not_found;
  if (!gone && (!claim || belongs_on(which, *claim))) co_return true;
  const std::string session_id = listed.session_id;
  const Result<void> dropped = co_await store.unlist(which, std::move(listed));
  if (!dropped) log_info("order_not_unlisted", {{"session", session_id}});
  co_return false;
}

}  // namespace claimcheck
