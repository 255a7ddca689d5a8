#include "flow/continued.hpp"

#include "store/codec.hpp"

#include <utility>

namespace claimcheck {

namespace {

// Nothing = Redis has no order under this id that can be read.
Async<std::optional<Original>> order_under(SessionValues& values, std::string id) {
  Result<SessionBytes> stored = co_await values.read_session(id);
  if (!stored && stored.error().code != Errc::not_found &&
      stored.error().code != Errc::unreadable) {
    co_return fail(stored);
  }
  if (!stored) co_return std::nullopt;
  Result<SessionData> order = decode_session(stored->bytes);
  if (!order) co_return std::nullopt;
  co_return Original{
      .session_id = std::move(id), .bytes = std::move(stored->bytes), .order = std::move(*order)};
}

}  // namespace

boost::asio::awaitable<Result<std::optional<Original>>> original_of(
    Context& context, const stripe::CheckoutSession& session) {
  std::string from = session.recovered_from;
  for (int looked = 0; looked < recoveries_max; ++looked) {
    // The id becomes a key and a path, so its form is checked.
    if (!is_session_id(from)) break;
    Result<std::optional<Original>> found = co_await order_under(*context.store.sessions, from);
    if (!found) co_return fail(found);
    // A prompt that was erased, or was too long to be kept, is gone: it is not looked for in the
    // orders before, whose data a person may have meant as well.
    if (*found && (*found)->order.prompt.empty()) break;
    if (*found) co_return found;
    // A recovery that was left as well has never had a value. Stripe knows what it continued.
    const Result<stripe::CheckoutSession> before =
        co_await context.stripe.retrieve_checkout(from, stripe::Expand::payment);
    if (!before && before.error().code == Errc::not_found) break;
    if (!before) co_return fail(before);
    from = before->recovered_from;
  }
  co_return std::nullopt;
}

}  // namespace claimcheck
