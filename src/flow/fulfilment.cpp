#include "flow/fulfilment.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/session.hpp"
#include "flow/order_pass.hpp"
#include "flow/recovery.hpp"
#include "flow/wake.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace claimcheck {

namespace {

constexpr std::size_t take_max = 16;
// So many expired leases are no accident: the order itself stops its workers.
constexpr std::int64_t lapses_max = 5;
// An order of the other mode goes back at once, and this process takes no orders for a while, so
// that a process with the right key gets it.
constexpr Duration other_mode_wait = std::chrono::milliseconds(100);
constexpr Duration other_mode_pause = std::chrono::seconds(2);
constexpr Duration other_mode_told_every = std::chrono::minutes(1);
constexpr Duration unreadable_wait = std::chrono::minutes(5);

std::optional<std::string> payment_of_due(std::string_view member) {
  constexpr std::string_view prefix = "pi:";
  if (!member.starts_with(prefix)) return std::nullopt;
  return std::string(member.substr(prefix.size()));
}

}  // namespace

Fulfilment::Fulfilment(Context& context, Tasks& tasks, FulfilmentLimits limits)
    : context_(context),
      tasks_(tasks),
      limits_(limits),
      leases_(*context.store.queue, context.clock, limits.lease) {
  context.fulfilment = this;
}

Fulfilment::~Fulfilment() { context_.fulfilment = nullptr; }

void Fulfilment::stop() { stopping_ = true; }

boost::asio::awaitable<void> Fulfilment::run() {
  while (!stopping_) {
    const bool answered = co_await take_all();
    co_await context_.clock.sleep(answered ? limits_.idle_wait : limits_.failed_wait);
  }
}

bool Fulfilment::has_room() const {
  // An order whose workers died may stop this process too. It runs alone, so that no other order
  // loses its worker as well.
  const bool looks_away = context_.clock.steady() < other_mode_until_;
  return !stopping_ && !alone_ && !looks_away && working_ < limits_.orders_max;
}

void Fulfilment::look() {
  if (stopping_) return;
  look_again_ = true;  // a look under way may have read the index before this order was in it
  if (!looking_) tasks_.start(look_now());
}

boost::asio::awaitable<void> Fulfilment::look_now() { co_await take_all(); }

// Takes until nothing more is due or no place is free. One at a time. False: Redis did not answer.
boost::asio::awaitable<bool> Fulfilment::take_all() {
  if (looking_) co_return true;
  looking_ = true;
  bool answered = true;
  do {
    look_again_ = false;
    answered = co_await take_due();
  } while (look_again_ && answered && !stopping_);
  looking_ = false;
  co_return answered;
}

boost::asio::awaitable<bool> Fulfilment::take_due() {
  // Leases are renewed before new ones are taken: a process with all places in use returns early
  // below, and its slow orders need it most.
  co_await leases_.renew();
  if (!has_room()) {
    more_due_ = true;  // as far as is known
    co_return true;
  }
  const std::size_t room = std::min(limits_.orders_max - working_, take_max);
  const Result<std::vector<Due>> taken = co_await context_.store.queue->take(room, limits_.lease);
  if (!taken) co_return false;
  // After a full answer, or one that ended at an order that runs alone, there may be more. Known
  // before the passes begin, since their ends ask for it.
  const bool ends_alone = !taken->empty() && taken->back().lapses >= lapses_alone;
  more_due_ = ends_alone || taken->size() == room;
  for (const Due& due : *taken) {
    if (!leases_.begin(due)) continue;  // under way here already: another pass follows this one
    ++working_;
    alone_ |= due.lapses >= lapses_alone;
    tasks_.start(work(due));
  }
  if (more_due_ && has_room()) look_again_ = true;
  co_return true;
}

boost::asio::awaitable<void> Fulfilment::work(Due due) {
  failpoint("work.taken", due.member);
  const bool poisonous = due.lapses >= lapses_max;
  const PassEnd end = co_await (poisonous ? quarantine(due.member) : pass(due.member));
  std::optional<Duration> delay;
  if (const auto* parked = std::get_if<Parked>(&end)) delay = parked->delay;
  // As long as the lease would have been. Without an ack the lease would expire, and an unreachable
  // Redis would look like a dead worker.
  if (std::holds_alternative<Abandoned>(end)) delay = limits_.lease;
  failpoint("settle.before");
  Leases::Ended ended = leases_.end(due.member);
  const bool ended_again = ended.again;
  // It was woken meanwhile, and this pass may not have seen why.
  if (ended_again) delay = Duration(0);
  const Result<bool> settled = co_await context_.store.queue->settle(std::move(ended.due), delay);
  if (!settled) log_warn("settle_failed", {{"session", due.member}});
  if (due.lapses >= lapses_alone) alone_ = false;
  --working_;
  // What waits for this place is taken at once, and so is the order itself if it was woken
  // meanwhile. A pass that parks its order for now waits for the usual look: it has lost a race,
  // and one that loses every race would keep this process busy.
  const bool lost_race = delay == Duration(0) && !ended_again;
  const bool woken = ended_again || (settled && !*settled && !lost_race);
  if (woken || more_due_) look();
}

boost::asio::awaitable<PassEnd> Fulfilment::pass(std::string session_id) {
  // Not every member is a session: an event about a refund or a dispute names only the payment.
  if (const auto intent = payment_of_due(session_id)) co_return co_await wake_order_of(*intent);
  if (is_of_other_mode(session_id)) co_return Parked{other_mode_wait};
  Result<Claim> claim = co_await context_.store.orders->load(session_id);
  if (claim) {
    OrderPass order(context_, session_id, std::move(*claim));
    co_return co_await order.run();
  }
  if (claim.error().code == Errc::not_found) co_return co_await recover_order(context_, session_id);
  // A claim that cannot be read stays due: a newer release may read it. The log alarms a person.
  log_error("claim_not_loaded", {{"session", session_id}, {"why", claim.error().message}});
  if (claim.error().code == Errc::unreadable) co_return Parked{unreadable_wait};
  co_return Abandoned();
}

// A test key can do nothing for a live order, and a live key nothing for a test order: another
// process has the right key. Stripe writes the mode into the session's id.
bool Fulfilment::is_of_other_mode(std::string_view session_id) {
  const std::optional<bool> ours = context_.stripe.livemode();
  if (!ours || session_id.starts_with("cs_live_") == *ours) return false;
  const Duration now = context_.clock.steady();
  other_mode_until_ = now + other_mode_pause;
  // Each such order comes back all the time until the right process has it: one line a minute is
  // enough.
  if (!told_other_mode_ || now - *told_other_mode_ > other_mode_told_every) {
    told_other_mode_ = now;
    log_error("order_of_other_mode", {{"session", session_id}, {"key_is_live", *ours}});
  }
  return true;
}

// An order that stopped its workers again and again would stop the next ones too: a person decides.
boost::asio::awaitable<PassEnd> Fulfilment::quarantine(std::string member) {
  log_error("order_quarantined", {{"session", member}, {"why", "its workers died, one by one"}});
  Result<Claim> claim = co_await context_.store.orders->load(member);
  // Without a claim there is nothing to hold. Reconcile wakes a paid session again while Stripe's
  // newest events name it.
  if (!claim && claim.error().code == Errc::not_found) co_return Removed();
  if (!claim) co_return Parked{unreadable_wait};
  OrderPass order(context_, std::move(member), std::move(*claim));
  co_return co_await order.quarantine();
}

// Events about refunds and disputes name only the payment, so Stripe is asked for its session. That
// happens here and not in the webhook's request, which must answer at once.
boost::asio::awaitable<PassEnd> Fulfilment::wake_order_of(std::string payment_intent) {
  const Result<std::string> session_id = co_await context_.stripe.session_of(payment_intent);
  if (!session_id && session_id.error().code == Errc::not_found) co_return Removed();
  if (!session_id) co_return Parked{context_.policy.unclear_wait};
  // A payment that was not made by Checkout is another product's.
  if (!is_session_id(*session_id)) co_return Removed();
  const Result<void> woken = co_await wake(context_, *session_id);
  if (!woken) co_return Abandoned();
  co_return Removed();
}

}  // namespace claimcheck
