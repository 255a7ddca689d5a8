#include "flow/order_pass.hpp"

#include "base/assert.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/view.hpp"
#include "flow/for_a_person.hpp"
#include "flow/order_view.hpp"
#include "flow/payment.hpp"

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

// Far more than an order of units_max units needs in one pass: a loop here is a bug.
constexpr int steps_max = 2000;
constexpr Duration endless_wait = std::chrono::minutes(5);
constexpr Duration view_retry = std::chrono::seconds(1);
// A pass ends before its lease does and goes on in the next one.
constexpr Duration pass_max = std::chrono::seconds(10);

Policy policy_of(const Context& context, const Claim& claim) {
  Policy policy = context.policy;
  const Tool* tool = context.catalog.tool(claim.tool);
  if (tool == nullptr) return policy;
  policy.generator_patience = tool->generator_patience.value_or(policy.generator_patience);
  if (tool->further_generations) policy.generations_max = 1 + *tool->further_generations;
  return policy;
}

}  // namespace

OrderPass::OrderPass(Context& context, std::string session_id, Claim claim)
    : context_(context),
      policy_(policy_of(context, claim)),
      id_(std::move(session_id)),
      claim_(std::move(claim)) {}

boost::asio::awaitable<PassEnd> OrderPass::run() {
  const Duration started = context_.clock.steady();
  if (claim_.view_dirty) {
    const Result<void> repaired = co_await repair_view();
    if (!repaired) co_return Abandoned();
  }
  Observation seen = Looked();
  ActionKind last = ActionKind::park;
  for (int step = 0; step < steps_max; ++step) {
    policy_.clocks_agree = context_.clocks_agree();
    policy_.clock_steady_for = context_.clock.trusted_for();
    const Decision decision = decide(claim_, seen, context_.clock.now(), policy_);
    if (decision.commit) {
      const Claim before = claim_;
      const Result<CommitResult> stored = co_await commit(decision);
      if (!stored) co_return Abandoned();
      if (*stored == CommitResult::refused) {
        const bool again = co_await catch_up(seen);
        if (!again) co_return Parked{Duration(0)};
        continue;
      }
      co_await after_commit(before, decision);
    } else {
      claim_ = decision.claim;
    }
    const Action& action = decision.action;
    const bool over = action.kind == ActionKind::park || action.kind == ActionKind::finish;
    if (over && claim_.view_dirty) co_return Parked{view_retry};
    if (action.kind == ActionKind::finish) co_return Removed();
    if (action.kind == ActionKind::park) co_return Parked{action.delay};
    const bool late = context_.clock.steady() - started > pass_max;
    if (late && !begun(last, action.kind)) co_return Parked{Duration(0)};
    last = action.kind;

    const Seen observed = co_await perform(action);
    if (!observed) co_return Abandoned();
    seen = *observed;
  }
  log_error("pass_does_not_end", {{"session", id_}, {"version", claim_.version}});
  co_return Parked{endless_wait};
}

// Somebody has stored another version. Their work can be done again by a look, but what the
// generator has answered to our submit is known to us alone: without it the unit would be left
// alone until it has settled, and then be looked up.
boost::asio::awaitable<bool> OrderPass::catch_up(const Observation& seen) {
  const auto* submitted = std::get_if<Submitted>(&seen);
  if (submitted == nullptr) co_return false;
  Result<Claim> stored = co_await context_.store.load(id_);
  const bool same = stored && stored->units.size() == claim_.units.size() &&
                    stored->units[submitted->unit] == claim_.units[submitted->unit];
  if (!same) co_return false;
  claim_ = std::move(*stored);
  co_return true;
}

boost::asio::awaitable<PassEnd> OrderPass::quarantine() {
  const Decision decision = decide(claim_, Poisoned(), context_.clock.now(), policy_);
  if (!decision.commit) co_return Removed();
  const Claim before = claim_;
  // Stored without the view: that may be what kills. The next take finds the order closed.
  Commit change;
  change.session_id = id_;
  change.claim = decision.claim;
  change.claim.view_dirty = true;
  change.lines = lines_of(decision);
  claim_ = change.claim;
  const Result<CommitResult> stored = co_await context_.store.commit(std::move(change));
  if (!stored) co_return Abandoned();
  if (*stored == CommitResult::refused) co_return Parked{Duration(0)};
  claim_.version += 1;
  co_await after_commit(before, decision);
  const Result<void> shown = co_await repair_view();
  if (!shown) co_return Parked{view_retry};
  co_return Removed();
}

// Not only what this pass has changed: whoever held it before may have died before he listed it.
boost::asio::awaitable<PassEnd> OrderPass::list_for_a_person(PassEnd end) {
  if (std::holds_alternative<Abandoned>(end)) co_return end;
  for (const OrderList which : for_a_person) {
    if (!belongs_on(which, claim_)) continue;
    failpoint("held.before_list");
    const Time when = listed_by(which, claim_, context_.clock.now());
    const Result<void> listed =
        co_await context_.store.enlist(which, id_, when, anew_.contains(which));
    if (!listed) co_return Abandoned();
  }
  co_return end;
}

boost::asio::awaitable<Result<CommitResult>> OrderPass::obey(Decision decision, std::string note) {
  const Claim before = claim_;
  Decision noted = decision;
  if (!note.empty() && !noted.moves.empty()) noted.moves.front().why += ": " + note;
  const Result<CommitResult> stored = co_await commit(noted);
  if (stored && *stored != CommitResult::refused) co_await after_commit(before, decision);
  co_return stored;
}

// What a late pass still does. A stored intent is acted on by the one who stored it, and so is a
// submit without an answer: later passes leave both alone until they have settled. What was read
// for the very next step serves it while it is fresh, or a slow Stripe would be read for ever.
bool OrderPass::begun(ActionKind last, ActionKind next) const {
  if (next == ActionKind::submit) return true;
  if (next == ActionKind::look_up) return last == ActionKind::submit;
  const bool fresh = looked_ && context_.clock.steady() - *looked_ <= context_.policy.payment_fresh;
  if (!fresh) return false;
  if (next == ActionKind::refund) return last == ActionKind::list_refunds;
  return last == ActionKind::look_at_payment &&
         (next == ActionKind::write_register || next == ActionKind::prepare ||
          next == ActionKind::list_refunds);
}

std::vector<HistoryLine> OrderPass::lines_of(const Decision& decision) const {
  std::vector<HistoryLine> lines;
  for (const auto& [from, to, why] : decision.moves) {
    lines.push_back({.when = context_.clock.now(), .from = from, .to = to, .why = why});
  }
  return lines;
}

boost::asio::awaitable<Result<CommitResult>> OrderPass::commit(const Decision& decision) {
  Commit change;
  change.session_id = id_;
  change.claim = decision.claim;
  change.claim.view_dirty = false;
  change.lines = lines_of(decision);
  if (decision.guarded) {
    change.claim.view_dirty = claim_.view_dirty;
    change.view = ViewWrite{.digest = prompt_digest_, .bytes = std::nullopt};
  } else if (claim_.view_dirty || view_of(claim_) != view_of(decision.claim)) {
    Result<ViewWrite> view = co_await view_write(decision.claim);
    if (!view && view.error().code != Errc::unreadable) co_return fail(view);
    if (view) change.view = std::move(*view);
    failpoint("view.before_commit");
  }
  Claim stored = change.claim;
  const bool writes_view = change.view && change.view->bytes;
  const Result<CommitResult> result = co_await context_.store.commit(std::move(change));
  if (!result) {
    log_warn("commit_failed", {{"session", id_}, {"why", result.error().message}});
    co_return result;
  }
  if (writes_view) failpoint("view.after_commit");
  if (*result == CommitResult::refused) {
    log_info("commit_refused", {{"session", id_}, {"version", claim_.version}});
    co_return result;
  }
  claim_ = std::move(stored);
  claim_.version += 1;
  claim_.view_dirty |= *result == CommitResult::view_stale;
  co_return result;
}

// A file that another program has put there is looked at before its video is made a second time.
void OrderPass::keep_foreign_files(const SessionData& seen, const Claim& claim, View& view) const {
  for (std::size_t i = 0; i < claim.units.size() && i < view.files.size(); ++i) {
    std::string file = foreign_file(seen, claim, i);
    if (file.empty()) continue;
    if (!claim.units[i].job.empty()) {
      log_error("second_fulfiller", {{"session", id_}, {"unit", i}});
      continue;
    }
    if (i == 0) view.file_id = file;
    view.files[i].fileId = std::move(file);
  }
}

// Where the order named no address, the one that the buyer gave to Stripe is kept: to tell him, and
// to find his order by it. Never after the end, when a person may have had it erased.
std::vector<MemberChange> OrderPass::email_change(const SessionData& seen,
                                                  const Claim& claim) const {
  const bool known = !seen.customerEmail.value_or("").empty();
  if (known || buyer_email_.empty() || is_terminal(claim.state)) return {};
  return {{"customerEmail", json_text(buyer_email_)}};
}

boost::asio::awaitable<Result<ViewWrite>> OrderPass::view_write(const Claim& claim) {
  View view = view_of(claim);
  const Result<SessionBytes> stored = co_await context_.store.read_session(id_);
  const bool gone = !stored && stored.error().code == Errc::not_found;
  if (!stored && !gone) co_return fail(stored);

  std::string bytes;
  if (gone) {
    bytes = encode_session(rebuilt_session(claim, context_.catalog));
  } else {
    bytes = stored->bytes;
  }
  std::vector<MemberChange> email;
  if (const Result<SessionData> seen = decode_session(bytes)) {
    keep_foreign_files(*seen, claim, view);
    email = email_change(*seen, claim);
  }
  std::vector<MemberChange> changes = changes_of(view, context_.clock.now());
  std::ranges::move(email, std::back_inserter(changes));
  Result<std::string> spliced = splice_session(bytes, changes);
  if (!spliced) {
    log_error("session_unreadable", {{"session", id_}, {"why", spliced.error().message}});
    co_return fail(spliced);
  }
  ViewWrite write;
  if (!gone) write.digest = stored->digest;
  write.bytes = std::move(*spliced);
  co_return write;
}

boost::asio::awaitable<Result<void>> OrderPass::repair_view() {
  Decision repair;
  repair.claim = claim_;
  repair.commit = true;
  const std::string state(name_of(claim_.state));
  repair.moves = {{.from = state, .to = state, .why = "the view is written again"}};
  const Result<CommitResult> stored = co_await commit(repair);
  if (!stored) co_return fail(stored);
  if (*stored == CommitResult::refused) co_return fail(Errc::conflict, "another pass was faster");
  co_return Result<void>();
}

void OrderPass::alarm(const std::string& why) const {
  log_error("order_held", {{"session", id_}, {"why", why}});
}

boost::asio::awaitable<void> OrderPass::count_delivery() {
  const Result<void> counted = co_await context_.store.count_delivery();
  if (!counted) log_warn("delivery_not_counted", {{"session", id_}});
}

// What waited for the generator and does not any more is no longer counted.
boost::asio::awaitable<void> OrderPass::wait_no_more(const Claim& before) {
  for (std::size_t i = 0; i < claim_.units.size(); ++i) {
    if (!waits_for_generator(before.units[i]) || waits_for_generator(claim_.units[i])) continue;
    const Result<void> told = co_await context_.store.wait_no_more(tag(i));
    if (!told) log_warn("waiting_not_counted", {{"session", id_}, {"unit", i}});
  }
}

boost::asio::awaitable<void> OrderPass::list_anew(OrderList which, const Claim& before) {
  const bool was = belongs_on(which, before);
  const bool belongs = belongs_on(which, claim_);
  const bool moved = which == OrderList::disputed && before.dispute != claim_.dispute;
  if (belongs && (!was || moved)) anew_.insert(which);
  if (was && !belongs) co_await unlist(context_, which, id_);
}

boost::asio::awaitable<void> OrderPass::after_commit(const Claim& before,
                                                     const Decision& decision) {
  for (const auto& [from, to, why] : decision.moves) {
    log_info("order_changed", {{"session", id_}, {"from", from}, {"to", to}, {"why", why}});
  }
  // Whoever is held and goes on is not paid a second time.
  const bool paid_before = claim_.state == OrderState::paid && before.paid_us != 0;
  if (before.state != claim_.state && !paid_before) {
    context_.metrics.count(Counter::orders, name_of(claim_.state));
  }
  for (std::size_t i = 0; i < claim_.units.size(); ++i) {
    const UnitState now = claim_.units[i].state;
    if (before.units[i].state == now) continue;
    context_.metrics.count(Counter::units, name_of(now));
    if (now == UnitState::delivered) co_await count_delivery();
    if (now == UnitState::delivered && claim_.units[i].url.empty()) {
      alarm("a video was delivered, and nobody knows where it is");
    }
    if (now == UnitState::held) alarm(claim_.units[i].reason);
  }
  if (before.state != OrderState::held && claim_.state == OrderState::held) alarm(claim_.reason);
  for (const OrderList which : for_a_person) co_await list_anew(which, before);
  co_await wait_no_more(before);
  const bool first_paid = before.paid_us == 0 && claim_.paid_us != 0;
  if (first_paid || before.payment_intent != claim_.payment_intent) {
    co_await index_order(context_, id_, claim_, buyer_email_);
  }
  // Repeated at every change of state: a crash may have swallowed the first release.
  if (before.state != claim_.state) {
    const Result<std::int64_t> booked = co_await context_.store.book_unpaid(id_, 0);
    if (!booked) log_warn("unpaid_bytes_not_released", {{"session", id_}});
  }
  const bool done = before.state != OrderState::done && claim_.state == OrderState::done;
  const auto delivered = [](const Unit& unit) { return unit.state == UnitState::delivered; };
  if (done && std::ranges::all_of(claim_.units, delivered)) {
    const Duration taken = context_.clock.now() - from_us(claim_.paid_us);
    context_.metrics.observe_delivery_s(std::chrono::duration<double>(taken).count());
  }
}

}  // namespace claimcheck
