#include "flow/held.hpp"

#include "base/log.hpp"

namespace claimcheck {

boost::asio::awaitable<void> unlist_held(Context& context, std::string session_id) {
  const Result<Time> since = co_await context.store.held_since(session_id);
  if (!since) co_return;
  const Result<Claim> claim = co_await context.store.load(session_id);
  const ListedOrder listed{.session_id = session_id, .when = *since};
  co_await still_held(context.store, listed, claim);
}

boost::asio::awaitable<bool> still_held(Store& store, ListedOrder listed,
                                        const Result<Claim>& claim) {
  const bool gone = !claim && claim.error().code == Errc::not_found;
  if (!gone && (!claim || is_held(*claim))) co_return true;
  const std::string session_id = listed.session_id;
  const Result<void> dropped = co_await store.unhold(std::move(listed));
  if (!dropped) log_info("held_not_unlisted", {{"session", session_id}});
  co_return false;
}

}  // namespace claimcheck
