#include "flow/reconcile.hpp"

#include "base/log.hpp"
#include "domain/link_watch.hpp"
#include "domain/notification.hpp"
#include "flow/for_a_person.hpp"
#include "flow/wake.hpp"
#include "flow/whose.hpp"

#include <algorithm>

namespace claimcheck {

Reconcile::Reconcile(Context& context, ReconcileTimes times) : context_(context), times_(times) {}

boost::asio::awaitable<void> Reconcile::run() {
  // A process that starts walks at once, unless another process is walking: a person may have
  // restarted it because of a lost order.
  Duration longest = times_.walk_lease;
  while (true) {
    co_await events();
    if (co_await claims(longest)) longest = times_.claims_period;
    co_await context_.clock.sleep(times_.period);
  }
}

boost::asio::awaitable<bool> Reconcile::events() {
  const Time now = context_.clock.now();
  const Result<Time> last = co_await context_.store.marks->reconciled();
  if (!last) co_return false;
  const Result<std::int64_t> waiting = co_await context_.store.queue->waiting();
  if (!waiting) co_return false;
  // While no order is open, a lost event is unlikely, and the list costs calls to Stripe.
  const Duration period = *waiting > 0 ? times_.period : times_.idle_period;
  if (*last <= now && now - *last < period) co_return true;  // too early, or another process did
  // Window by window: what was read counts, also if a later window fails.
  Time since = std::max(*last - times_.slack, now - times_.first_look_back);
  while (since < now) {
    const Time until = std::min(since + times_.window, now);
    if (!co_await wake_between(since, until)) co_return false;
    const Result<void> kept = co_await context_.store.marks->set_reconciled(until);
    if (!kept) co_return false;
    since = until;
  }
  co_return true;
}

boost::asio::awaitable<bool> Reconcile::wake_between(Time since, Time until) {
  std::string after;
  do {
    const auto seen = co_await context_.stripe.events_between(since, until, after);
    if (!seen) {
      log_warn("reconcile_unclear", {{"why", seen.error().message}});
      co_return false;
    }
    for (const stripe::Event& event : seen->elements) {
      if (!co_await wake_for(event)) co_return false;
    }
    after = seen->next;
  } while (!after.empty());
  co_return true;
}

boost::asio::awaitable<bool> Reconcile::wake_for(stripe::Event event) {
  std::string member = event.session_id;
  if (!event.payment_intent.empty()) member = due_payment(event.payment_intent);
  if (member.empty()) co_return true;
  // An event with a session is compared with its claim here, so that most of the usual ones wake
  // nobody. An event that names only a payment needs a call to Stripe, and the pass makes that.
  if (!event.session_id.empty()) {
    const Result<Claim> claim = co_await context_.store.orders->load(event.session_id);
    const bool gone = !claim && claim.error().code == Errc::not_found;
    if (!claim && !gone && claim.error().code != Errc::unreadable) co_return false;
    if (claim && claim->state != OrderState::open) co_return true;  // its payment was seen
    const Result<bool> ours = gone ? co_await is_ours(*context_.store.sessions, context_.catalog,
                                                      event.session_id, event.tool)
                                   : Result<bool>(true);
    if (!ours) co_return false;
    // Other products may sell on the same account: their events are none of ours.
    if (!*ours) co_return true;
    log_info("order_found", {{"session", event.session_id}, {"claim", gone ? "gone" : "open"}});
  }
  const Result<void> woken = co_await wake(context_, std::move(member));
  co_return woken.has_value();
}

boost::asio::awaitable<bool> Reconcile::claims(std::optional<Duration> most) {
  const Duration longest = most.value_or(times_.claims_period);
  Result<std::optional<Time>> turn =
      co_await context_.store.marks->next_walk({}, times_.walk_lease, longest);
  if (!turn) co_return false;
  if (!*turn) co_return true;
  // A long walk prolongs its lease, so that no second process begins one.
  Duration renewed = context_.clock.steady();
  std::string cursor;
  do {
    const Result<ClaimPage> page = co_await context_.store.orders->claims(cursor);
    if (!page || !co_await put_back(page->session_ids)) co_return false;
    cursor = page->next;
    if (context_.clock.steady() - renewed < times_.walk_lease / 2) continue;
    turn = co_await context_.store.marks->next_walk(*turn, times_.walk_lease, longest);
    // The lease was lost: another process walks now.
    if (!turn || !*turn) co_return false;
    renewed = context_.clock.steady();
  } while (!cursor.empty());
  // A wake of an order without a claim exists only in the work index. If the index has lost it,
  // only Stripe's events still name the order.
  const Time now = context_.clock.now();
  if (!co_await wake_between(now - 2 * times_.claims_period, now)) co_return false;
  // Last, after everything was done: the lease becomes the pause until the next walk. A walk that
  // failed is repeated sooner.
  turn = co_await context_.store.marks->next_walk(*turn, times_.claims_period, longest);
  co_return turn.has_value();
}

// Did the end of a pass leave something undone for an order that is over or held? Redis may have
// been away at that moment.
boost::asio::awaitable<bool> Reconcile::left_undone(std::string session_id, const Claim& claim) {
  const Time now = context_.clock.now();
  // When notifications are switched on, only recent orders get theirs, not those of the last weeks.
  const bool recent =
      from_us(std::max(claim.payment_read_us, claim.paid_us)) + times_.untold_age > now;
  const bool untold = !context_.channels.empty() && !due_notifications(claim, now).items.empty();
  if (recent && untold) co_return true;
  if (link_to_look_at(claim, now, context_.policy)) co_return true;
  for (const OrderList which : for_a_person) {
    if (!belongs_on(which, claim)) continue;
    const Result<Time> listed = co_await context_.store.lists->listed_since(which, session_id);
    if (!listed && listed.error().code == Errc::not_found) co_return true;
  }
  co_return false;
}

boost::asio::awaitable<bool> Reconcile::put_back(std::vector<std::string> session_ids) {
  const auto claims = co_await context_.store.orders->load_all(session_ids);
  if (!claims) co_return false;
  const Time now = context_.clock.now();
  std::vector<Scheduled> lost;
  for (std::size_t i = 0; i < session_ids.size(); ++i) {
    const Result<Claim>& claim = (*claims)[i];
    if (!claim) continue;  // it is gone, or of a newer release
    const bool open = claim->state == OrderState::open;
    const bool works = open || claim->state == OrderState::paid;
    if (!works && !co_await left_undone(session_ids[i], *claim)) continue;
    // An open order gets the time it had at checkout. Orders in work are due now; entries that
    // exist keep their time.
    const Time when = open ? from_us(claim->expires_us) + context_.policy.expiry_slack : now;
    lost.push_back({.member = session_ids[i], .when = when});
  }
  const Result<void> scheduled = co_await context_.store.queue->schedule_all(std::move(lost));
  co_return scheduled.has_value();
}

}  // namespace claimcheck
