#include "flow/generator_callback.hpp"

#include "store/number.hpp"

namespace claimcheck {

boost::asio::awaitable<Result<void>> note_callback(Context& context, std::string owner) {
  const std::size_t slash = owner.rfind('/');
  const std::string session = owner.substr(0, slash);
  const auto unit = number_in<std::size_t>(owner.substr(slash + 1));
  const Result<Claim> claim = co_await context.store.orders->load(session);
  if (!claim) co_return fail(claim);
  if (!unit || *unit >= claim->units.size()) co_return Result<void>();
  Decision decision =
      decide(*claim, CalledBack{.unit = *unit}, context.clock.now(), context.policy);
  if (decision.commit) {
    Commit change{
        .session_id = session, .claim = std::move(decision.claim), .lines = {}, .view = {}};
    const Result<CommitResult> written = co_await context.store.orders->commit(std::move(change));
    if (!written) co_return fail(written);
  }
  co_return co_await context.store.queue->wake(session);
}

}  // namespace claimcheck
