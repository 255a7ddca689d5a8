#include "flow/commit_and_wake.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "flow/wake.hpp"

namespace claimcheck {

namespace {

// When a worker gets the order if this process dies between the write and the wake.
constexpr Duration found_after = std::chrono::seconds(30);

}  // namespace

Async<CommitResult> commit_and_wake(Context& context, std::string session_id, OrderPass& order,
                                    Decision decision, std::string note,
                                    std::vector<MemberChange> also) {
  // The due entry comes before the write: an order that is over or held may have no place in the
  // work index, and without one a crash would leave the decision undone.
  const Result<void> found =
      co_await context.store.queue->schedule(session_id, context.clock.now() + found_after);
  if (!found) co_return fail(found);
  failpoint("action.before_commit");
  Result<CommitResult> stored =
      co_await order.apply(std::move(decision), std::move(note), std::move(also));
  if (!stored || *stored == CommitResult::refused) co_return stored;
  failpoint("action.before_wake");
  // Only for speed: the due entry above leads a worker to the order in any case, so a failure is no
  // error of the decision.
  const Result<void> woken = co_await wake(context, session_id);
  if (!woken) log_warn("action_not_woken", {{"session", session_id}});
  co_return stored;
}

}  // namespace claimcheck
