#include "flow/order_pass.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/view.hpp"
#include "flow/after_commit.hpp"
#include "flow/for_a_person.hpp"
#include "flow/link_look.hpp"
#include "flow/order_notifications.hpp"
#include "flow/view_write.hpp"

namespace claimcheck {

namespace {

// Far more than an order of units_max units needs in one pass: so many steps are a bug.
constexpr int steps_max = 2000;
// After such a bug: the order is tried again, but does not keep a worker busy.
constexpr Duration endless_wait = std::chrono::minutes(5);
// The other writer of the session value should be done by then.
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

// Lists first: an order that waits for a person is found even if the outbox takes no message.
boost::asio::awaitable<PassEnd> OrderPass::finish(PassEnd end) {
  end = co_await list_for_a_person(order_, anew_, end);
  co_return co_await put_notifications(order_, end);
}

boost::asio::awaitable<PassEnd> OrderPass::steps() {
  const Duration started = order_.context.clock.steady();
  // The last pass could not write the view, since another program wrote the session value at that
  // moment.
  if (order_.claim.view_dirty) {
    const Result<void> repaired = co_await repair_view();
    if (!repaired) co_return Abandoned();
  }
  // A pass begins with the claim alone. Why the order became due is not known here, and must not
  // matter.
  Observation seen = Woken();
  ActionKind last = ActionKind::park;
  for (int step = 0; step < steps_max; ++step) {
    // Anew for each step: clocks may cease to agree while a call is out.
    order_.policy.clocks_agree = order_.context.clocks_agree();
    order_.policy.clock_steady_for = order_.context.clock.trusted_for();
    order_.policy.payment_read_now = payment_.fresh();
    // decide() asks nobody: everything that the rules depend on is an argument.
    const Decision decision = decide(order_.claim, seen, order_.context.clock.now(), order_.policy);
    if (decision.commit) {
      const Claim before = order_.claim;
      const Result<CommitResult> stored = co_await commit(decision);
      // Nobody knows whether it was stored. Nothing is acted on; the next pass loads what is there.
      if (!stored) co_return Abandoned();
      if (*stored == CommitResult::refused) {
        // Another version is stored, or the guarded session value has changed: this decision is
        // void.
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
    // Otherwise an order could leave the work index while its page is outdated.
    if (over && order_.claim.view_dirty) co_return Parked{view_retry};
    if (action.kind == ActionKind::finish) co_return Removed();
    if (action.kind == ActionKind::park) co_return Parked{action.delay};
    // The lease must not run out in the middle of a step. Steps that only this pass can finish go
    // on.
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
    case ActionKind::poll: co_return co_await polls_.poll(std::move(action));
    case ActionKind::copy: co_return co_await copy_.copy(action.unit);
    case ActionKind::look_at_link: co_return co_await look_at_link(order_, action.unit);
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

// While the generator takes no submits, Stripe need not be asked: calls to it are limited.
boost::asio::awaitable<Seen> OrderPass::refresh_payment(std::size_t unit) {
  const auto pause = co_await generation_.pause_before_submit(unit);
  if (!pause) co_return std::nullopt;
  if (*pause) co_return **pause;
  co_return co_await payment_.read_payment();
}

// What a late pass still does. A stored intent is acted on by the pass that stored it, and so is a
// submit without an answer: later passes leave both alone for the settle time. A payment that was
// read for the very next step serves that step while it is fresh. Otherwise a slow Stripe would be
// read for ever.
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

// A value that is no session stays as it is: the order goes on, only the page cannot show it.
Async<std::optional<ViewWrite>> OrderPass::view_for(const Decision& decision,
                                                    std::vector<MemberChange> also) {
  if (decision.guarded) {
    // A guard and no write: the script refuses the commit if the session value is not the one that
    // the prompt was read from.
    co_return ViewWrite{
        .digest = generation_.prompt_digest(), .bytes = std::nullopt, .guarded = true};
  }
  // Most steps change nothing that a buyer sees. They save a reading and a writing of the session
  // value.
  const bool must = !also.empty();
  const bool changes =
      must || order_.claim.view_dirty || view_of(order_.claim) != view_of(decision.claim);
  if (!changes) co_return std::nullopt;
  Result<ViewWrite> view = co_await view_write(order_, decision.claim, std::move(also));
  if (!view && (must || view.error().code != Errc::unreadable)) co_return fail(view);
  failpoint("view.before_commit");
  if (!view) co_return std::nullopt;
  co_return std::move(*view);
}

Async<CommitResult> OrderPass::commit(const Decision& decision, std::vector<MemberChange> also) {
  Commit change;
  change.session_id = order_.id;
  change.claim = decision.claim;
  change.claim.view_dirty = false;
  change.lines = lines_of(decision);
  // A guarded commit writes no view, so an outdated view stays marked.
  if (decision.guarded) change.claim.view_dirty = order_.claim.view_dirty;
  Result<std::optional<ViewWrite>> view = co_await view_for(decision, std::move(also));
  if (!view) co_return fail(view);
  change.view = std::move(*view);
  // A copy, since `change` is moved away; the pass takes it over only after the store has.
  Claim stored = change.claim;
  const bool writes_view = change.view && change.view->bytes;
  std::optional<SessionBytes> written;
  if (writes_view) written.emplace(*change.view->bytes);
  const Result<CommitResult> result =
      co_await order_.context.store.orders->commit(std::move(change));
  if (!result || *result != CommitResult::done) {
    order_.written.reset();  // somebody else has written it, or nobody knows
  } else if (written) {
    order_.written = std::move(written);
  }
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
  // The script has set the mark in Redis; this is the same in memory.
  order_.claim.view_dirty |= *result == CommitResult::view_stale;
  co_return result;
}

boost::asio::awaitable<void> OrderPass::follow_up(const Claim& before, const Decision& decision) {
  anew_.merge(co_await after_commit(order_, before, decision));
}

// Another version is stored, as after each callback of a generator. Most observations can be made
// again by another call. Only this pass knows the generator's answer to its submit: without it the
// unit would wait for the settle time and then be looked up. And the register is at Stripe, which
// takes few calls.
boost::asio::awaitable<bool> OrderPass::catch_up(const Observation& seen) {
  const auto* submitted = std::get_if<Submitted>(&seen);
  const auto* registered = std::get_if<Registered>(&seen);
  if (submitted == nullptr && registered == nullptr) co_return false;
  const std::size_t unit = submitted != nullptr ? submitted->unit : registered->unit;
  Result<Claim> stored = co_await order_.context.store.orders->load(order_.id);
  // The answer belongs to the intent of this unit. If the unit changed meanwhile, it may have a new
  // seed, and the answer is not its own. An order that was held meanwhile reads the register anew.
  const bool same = stored && stored->units.size() == order_.claim.units.size() &&
                    stored->units[unit] == order_.claim.units[unit] &&
                    (submitted != nullptr || stored->state == order_.claim.state);
  if (!same) co_return false;
  order_.claim = std::move(*stored);
  co_return true;
}

boost::asio::awaitable<PassEnd> OrderPass::hold() {
  const Decision decision =
      decide(order_.claim, Poisoned(), order_.context.clock.now(), order_.policy);
  if (!decision.commit) co_return Removed();
  const Claim before = order_.claim;
  // Stored without the view: to write it may be what stops the workers. If that happens again, the
  // order is held already, and the next pass has nothing to decide.
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

Async<CommitResult> OrderPass::apply(Decision decision, std::string note,
                                     std::vector<MemberChange> also) {
  const Claim before = order_.claim;
  Decision noted = decision;
  // The log gets the decision without the note: a person may have put a name into it.
  if (!note.empty() && !noted.moves.empty()) noted.moves.front().why += ": " + note;
  const Result<CommitResult> stored = co_await commit(noted, std::move(also));
  if (stored && *stored != CommitResult::refused) co_await follow_up(before, decision);
  co_return stored;
}

Async<void> OrderPass::repair_view() {
  // A commit without a move of state: the version still grows, so two passes do not write the view
  // over each other.
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
