#include "flow/link_look.hpp"

#include "flow/note.hpp"
#include "flow/result_link.hpp"

#include <utility>

namespace claimcheck {

namespace {

boost::asio::awaitable<LinkState> state_of(const OrderInWork& order, const Unit& unit) {
  if (!unit.object.empty()) {
    // A storage that is no longer configured tells nothing.
    if (order.context.storage == nullptr) co_return LinkState::unclear;
    const Result<ObjectInfo> found = co_await order.context.storage->find(unit.object);
    if (found) co_return LinkState::there;
    co_return found.error().code == Errc::not_found ? LinkState::dead : LinkState::unclear;
  }
  const std::string& url = unit.source_url.empty() ? unit.url : unit.source_url;
  const bool dead = co_await order.context.generators.lacks_result(order.generator_of(unit), url);
  co_return dead ? LinkState::dead : LinkState::there;
}

// Another address of the same job; empty = the generator gives none.
boost::asio::awaitable<LinkSeen> ask_again(const OrderInWork& order, std::size_t index) {
  LinkSeen seen{.unit = index, .state = LinkState::dead};
  const Unit& unit = order.claim.units[index];
  const std::string& name = order.generator_of(unit);
  Generator* generator = order.context.generators.find(name);
  if (generator == nullptr || !has_job(unit)) co_return seen;
  PollAnswer answer = co_await generator->poll({.job = handle_of(unit), .seed = unit.seed});
  if (answer.result == PollResult::unclear) seen.state = LinkState::unclear;
  if (answer.result != PollResult::ready) co_return seen;
  if (co_await order.context.generators.lacks_result(name, answer.url)) co_return seen;
  if (answer.needs_key || answer.expires) {
    seen.own_url =
        result_link(order.context.public_url, order.id, order.claim, index, answer.content_type);
  }
  seen.url = std::move(answer.url);
  seen.url_ends = answer.expires;
  co_return seen;
}

}  // namespace

boost::asio::awaitable<Seen> look_at_link(const OrderInWork& order, std::size_t index) {
  LinkSeen seen{.unit = index, .state = co_await state_of(order, order.claim.units[index])};
  seen.own_url = result_link(order.context.public_url, order.id, order.claim, index,
                             order.claim.units[index].content_type);
  if (seen.state == LinkState::dead) seen = co_await ask_again(order, index);
  co_return seen;
}

boost::asio::awaitable<Result<void>> doubt_link(Context& context, std::string session_id,
                                                std::size_t unit) {
  Result<Claim> claim = co_await context.store.orders->load(session_id);
  if (!claim) co_return fail(claim);
  const bool known = unit < claim->units.size() && claim->units[unit].link_dead_us == 0;
  if (!known) co_return Result<void>();  // or it is doubted already
  co_return co_await note(context, std::move(session_id), std::move(*claim),
                          LinkSeen{.unit = unit, .state = LinkState::doubted});
}

}  // namespace claimcheck
