#include "flow/order_pass.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/view.hpp"
#include "flow/after_commit.hpp"
#include "flow/for_a_person.hpp"
#include "flow/order_notifications.hpp"
#include "flow/view_write.hpp"

namespace claimcheck {

namespace {

// Far more than an order of units_max units needs in one pass: a loop here is a bug.
constexpr int steps_max = 2000;
constexpr Duration endless_wait = std::chrono::minutes(5);
constexpr Duration view_retry = std::chrono::seconds(1);
// A pass ends before its lease does and goes on in the next one.
constexpr Duration pass_max = std::chrono::seconds(10);

}  // namespace

OrderPass::OrderPass(Context& context, std::string session_id, Claim claim)
    : order_(context, std::move(session_id), std::move(claim)) {}

boost::asio::awaitable<PassEnd> OrderPass::run() {
  const PassEnd end = co_await steps();
  co_return co_await finish(end);
}

boost::asio::awaitable<PassEnd> OrderPass::quarantine() {
  const PassEnd end = co_await hold();
  co_return co_await finish(end);
}

// Lists first: an order that waits for a person is found even if it cannot be notified of.
boost::asio::awaitable<PassEnd> OrderPass::finish(PassEnd end) {
  end = co_await list_for_a_person(order_, anew_, end);
  co_return co_await put_notifications(order_, end);
}

boost::asio::awaitable<PassEnd> OrderPass::steps() {
  const Duration started = order_.context.clock.steady();
  // The last pass could not write what the buyer sees, since another program wrote at that moment.
  if (order_.claim.view_dirty) {
    const Result<void> repaired = co_await repair_view();
    if (!repaired) co_return Abandoned();
  }
  Observation seen = Woken();
  ActionKind last = ActionKind::park;
  for (int step = 0; step < steps_max; ++step) {
    order_.policy.clocks_agree = order_.context.clocks_agree();
    order_.policy.clock_steady_for = order_.context.clock.trusted_for();
    // Everything that the rules may depend on goes in here; decide() itself asks nobody.
    const Decision decision = decide(order_.claim, seen, order_.context.clock.now(), order_.policy);
    if (decision.commit) {
      const Claim before = order_.claim;
      const Result<CommitResult> stored = co_await commit(decision);
      // Whether it was stored is not known: nothing is acted on, the next pass loads what is there.
      if (!stored) co_return Abandoned();
      if (*stored == CommitResult::refused) {
        const bool again = co_await catch_up(seen);
        if (!again) co_return Parked{Duration(0)};
        continue;
      }
      co_await follow_up(before, decision);
    } else {
      order_.claim = decision.claim;
    }
    const Action& action = decision.action;
    const bool over = action.kind == ActionKind::park || action.kind == ActionKind::finish;
    if (over && order_.claim.view_dirty) co_return Parked{view_retry};
    if (action.kind == ActionKind::finish) co_return Removed();
    if (action.kind == ActionKind::park) co_return Parked{action.delay};
    // The lease must not run out in the middle; but what only this pass can finish goes on.
    const bool late = order_.context.clock.steady() - started > pass_max;
    if (late && !begun(last, action.kind)) co_return Parked{Duration(0)};
    last = action.kind;

    const Seen observed = co_await perform(action);
    if (!observed) co_return Abandoned();
    seen = *observed;
  }
  log_error("pass_does_not_end", {{"session", order_.id}, {"version", order_.claim.version}});
  co_return Parked{endless_wait};
}

boost::asio::awaitable<Seen> OrderPass::perform(Action action) {
  switch (action.kind) {
    case ActionKind::read_payment: co_return co_await refresh_payment(action.unit);
    case ActionKind::prepare: co_return co_await generation_.prepare(action.unit);
    case ActionKind::submit: co_return co_await generation_.submit(action.unit);
    case ActionKind::look_up: co_return co_await generation_.look_up(action.unit);
    case ActionKind::poll: co_return co_await generation_.poll(action.unit);
    case ActionKind::write_register: co_return co_await payment_.write_register(action.unit);
    case ActionKind::allow_refund: co_return co_await payment_.allow_refund(action.unit);
    case ActionKind::list_refunds: co_return co_await payment_.list_refunds();
    case ActionKind::refund: co_return co_await payment_.refund(action.unit);
    case ActionKind::list_disputes: co_return co_await payment_.list_disputes();
    case ActionKind::park:
    case ActionKind::finish: break;
  }
  co_return std::nullopt;  // these end a pass; there is nothing to perform
}

// Before a submit that cannot be made Stripe need not be asked.
boost::asio::awaitable<Seen> OrderPass::refresh_payment(std::size_t unit) {
  const auto pause = co_await generation_.pause_before_submit(unit);
  if (!pause) co_return std::nullopt;
  if (*pause) co_return **pause;
  co_return co_await payment_.read_payment();
}

// What a late pass still does. A stored intent is acted on by the one who stored it, and so is a
// submit without an answer: later passes leave both alone until they have settled. What was read
// for the very next step serves it while it is fresh, or a slow Stripe would be read for ever.
bool OrderPass::begun(ActionKind last, ActionKind next) const {
  if (next == ActionKind::submit) return true;
  if (next == ActionKind::look_up) return last == ActionKind::submit;
  if (!payment_.fresh()) return false;
  if (next == ActionKind::refund) return last == ActionKind::list_refunds;
  return last == ActionKind::read_payment &&
         (next == ActionKind::write_register || next == ActionKind::prepare ||
          next == ActionKind::list_refunds);
}

std::vector<HistoryLine> OrderPass::lines_of(const Decision& decision) const {
  std::vector<HistoryLine> lines;
  for (const auto& [from, to, why] : decision.moves) {
    lines.push_back({.when = order_.context.clock.now(), .from = from, .to = to, .why = why});
  }
  return lines;
}

// A value that is no session is left as it is: its order goes on, only the page cannot show it.
Async<std::optional<ViewWrite>> OrderPass::view_for(const Decision& decision) {
  if (decision.guarded) {
    co_return ViewWrite{.digest = generation_.prompt_digest(), .bytes = std::nullopt};
  }
  const bool changes = order_.claim.view_dirty || view_of(order_.claim) != view_of(decision.claim);
  if (!changes) co_return std::nullopt;
  Result<ViewWrite> view = co_await view_write(order_, decision.claim);
  if (!view && view.error().code != Errc::unreadable) co_return fail(view);
  failpoint("view.before_commit");
  if (!view) co_return std::nullopt;
  co_return std::move(*view);
}

Async<CommitResult> OrderPass::commit(const Decision& decision) {
  Commit change;
  change.session_id = order_.id;
  change.claim = decision.claim;
  change.claim.view_dirty = false;
  change.lines = lines_of(decision);
  // What was prepared holds only for the session value that it was read from.
  if (decision.guarded) change.claim.view_dirty = order_.claim.view_dirty;
  Result<std::optional<ViewWrite>> view = co_await view_for(decision);
  if (!view) co_return fail(view);
  change.view = std::move(*view);
  Claim stored = change.claim;
  const bool writes_view = change.view && change.view->bytes;
  const Result<CommitResult> result =
      co_await order_.context.store.orders->commit(std::move(change));
  if (!result) {
    log_warn("commit_failed", {{"session", order_.id}, {"why", result.error().message}});
    co_return result;
  }
  if (writes_view) failpoint("view.after_commit");
  if (*result == CommitResult::refused) {
    log_info("commit_refused", {{"session", order_.id}, {"version", order_.claim.version}});
    co_return result;
  }
  order_.claim = std::move(stored);
  order_.claim.version += 1;
  order_.claim.view_dirty |= *result == CommitResult::view_stale;
  co_return result;
}

boost::asio::awaitable<void> OrderPass::follow_up(const Claim& before, const Decision& decision) {
  anew_.merge(co_await after_commit(order_, before, decision));
}

// Somebody has stored another version. Their work can be done again by a look, but what the
// generator has answered to our submit is known to us alone: without it the unit would be left
// alone until it has settled, and then be looked up.
boost::asio::awaitable<bool> OrderPass::catch_up(const Observation& seen) {
  const auto* submitted = std::get_if<Submitted>(&seen);
  if (submitted == nullptr) co_return false;
  Result<Claim> stored = co_await order_.context.store.orders->load(order_.id);
  const bool same = stored && stored->units.size() == order_.claim.units.size() &&
                    stored->units[submitted->unit] == order_.claim.units[submitted->unit];
  if (!same) co_return false;
  order_.claim = std::move(*stored);
  co_return true;
}

boost::asio::awaitable<PassEnd> OrderPass::hold() {
  const Decision decision =
      decide(order_.claim, Poisoned(), order_.context.clock.now(), order_.policy);
  if (!decision.commit) co_return Removed();
  const Claim before = order_.claim;
  // Stored without the view: that may be what kills. The next take finds the order closed.
  Commit change;
  change.session_id = order_.id;
  change.claim = decision.claim;
  change.claim.view_dirty = true;
  change.lines = lines_of(decision);
  order_.claim = change.claim;
  const Result<CommitResult> stored =
      co_await order_.context.store.orders->commit(std::move(change));
  if (!stored) co_return Abandoned();
  if (*stored == CommitResult::refused) co_return Parked{Duration(0)};
  order_.claim.version += 1;
  co_await follow_up(before, decision);
  const Result<void> shown = co_await repair_view();
  if (!shown) co_return Parked{view_retry};
  co_return Removed();
}

Async<CommitResult> OrderPass::apply(Decision decision, std::string note) {
  const Claim before = order_.claim;
  Decision noted = decision;
  if (!note.empty() && !noted.moves.empty()) noted.moves.front().why += ": " + note;
  const Result<CommitResult> stored = co_await commit(noted);
  if (stored && *stored != CommitResult::refused) co_await follow_up(before, decision);
  co_return stored;
}

Async<void> OrderPass::repair_view() {
  Decision repair;
  repair.claim = order_.claim;
  repair.commit = true;
  const std::string state(name_of(order_.claim.state));
  repair.moves = {{.from = state, .to = state, .why = "the view is written again"}};
  const Result<CommitResult> stored = co_await commit(repair);
  if (!stored) co_return fail(stored);
  if (*stored == CommitResult::refused) co_return fail(Errc::conflict, "another pass was faster");
  co_return Result<void>();
}

}  // namespace claimcheck
