#include "flow/note.hpp"

#include "flow/wake.hpp"

namespace claimcheck {

boost::asio::awaitable<Result<void>> note(Context& context, std::string session_id, Claim claim,
                                          Observation seen) {
  Decision decision = decide(claim, seen, context.clock.now(), context.policy);
  if (decision.commit) {
    Commit change{
        .session_id = session_id, .claim = std::move(decision.claim), .lines = {}, .view = {}};
    const Result<CommitResult> written = co_await context.store.orders->commit(std::move(change));
    if (!written) co_return fail(written);
  }
  co_return co_await wake(context, std::move(session_id));
}

}  // namespace claimcheck
