#include "flow/fulfilment.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/news.hpp"
#include "domain/session.hpp"
#include "domain/view.hpp"
#include "flow/order_view.hpp"
#include "flow/payment.hpp"
#include "flow/whose.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace claimcheck {

namespace {

constexpr std::size_t take_max = 16;
constexpr std::int64_t lapses_max = 5;
// Soon taken by a process with the right key.
// Who may take it takes it at once, if we look away for a while.
constexpr Duration other_mode_wait = std::chrono::milliseconds(100);
constexpr Duration other_mode_pause = std::chrono::seconds(2);
constexpr Duration other_mode_told_every = std::chrono::minutes(1);
constexpr Duration unreadable_wait = std::chrono::minutes(5);

std::optional<std::string> payment_of_due(std::string_view member) {
  constexpr std::string_view prefix = "pi:";
  if (!member.starts_with(prefix)) return std::nullopt;
  return std::string(member.substr(prefix.size()));
}

// Why a paid order without a claim is for a person; empty = its claim was lost.
std::string unknown_because(Time created, const Result<Time>& born, Time now, Duration claim_life) {
  constexpr Duration clocks_differ = std::chrono::minutes(5);
  if (!born || created <= *born)
    return "paid before this Redis was first used, and not known in it";
  if (created + claim_life - clocks_differ > now) return {};
  return "paid longer ago than claims are kept, and not known any more";
}

bool every_unit_registered(const Claim& claim, const std::vector<Outcome>& registered) {
  return registered.size() >= claim.units.size() &&
         std::ranges::count(registered.begin(), registered.begin() + std::ssize(claim.units),
                            Outcome::none) == 0;
}

}  // namespace

Fulfilment::Fulfilment(Context& context, Tasks& tasks, FulfilmentLimits limits)
    : context_(context),
      tasks_(tasks),
      limits_(limits),
      leases_(context.store, context.clock, limits.lease) {}

void Fulfilment::stop() { stopping_ = true; }

boost::asio::awaitable<void> Fulfilment::run() {
  while (!stopping_) {
    const Duration wait = co_await take_due();
    if (wait > Duration(0)) co_await context_.clock.sleep(wait);
  }
}

// Returns how long to wait before the next look.
boost::asio::awaitable<Duration> Fulfilment::take_due() {
  co_await leases_.renew();
  const std::size_t room = std::min(limits_.orders_max - working_, take_max);
  // If a suspicious one kills us, then nobody else with us.
  const bool looks_away = context_.clock.steady() < other_mode_until_;
  if (room == 0 || alone_ || looks_away) co_return limits_.idle_wait;
  const Result<std::vector<Due>> taken = co_await context_.store.take(room, limits_.lease);
  if (!taken) co_return limits_.failed_wait;
  for (const Due& due : *taken) {
    if (!leases_.begin(due)) continue;
    ++working_;
    alone_ |= due.lapses >= lapses_alone;
    tasks_.start(work(due));
  }
  co_return taken->size() == room ? Duration(0) : limits_.idle_wait;
}

boost::asio::awaitable<void> Fulfilment::work(Due due) {
  failpoint("work.taken", due.member);
  const bool poisonous = due.lapses >= lapses_max;
  const PassEnd end = co_await (poisonous ? quarantine(due.member) : pass(due.member));
  std::optional<Duration> delay;
  if (const auto* parked = std::get_if<Parked>(&end)) delay = parked->delay;
  // As long as the lease would have been: a Redis that is away is no death of a worker.
  if (std::holds_alternative<Abandoned>(end)) delay = limits_.lease;
  failpoint("settle.before");
  Leases::Ended ended = leases_.end(due.member);
  if (ended.again) delay = Duration(0);
  const Result<bool> settled = co_await context_.store.settle(std::move(ended.due), delay);
  if (!settled) log_warn("settle_failed", {{"session", due.member}});
  if (due.lapses >= lapses_alone) alone_ = false;
  --working_;
}

boost::asio::awaitable<PassEnd> Fulfilment::pass(std::string session_id) {
  if (const auto intent = payment_of_due(session_id)) co_return co_await payment(*intent);
  if (is_of_other_mode(session_id)) co_return Parked{other_mode_wait};
  Result<Claim> claim = co_await context_.store.load(session_id);
  if (claim) {
    OrderPass order(context_, session_id, std::move(*claim));
    co_return co_await order.run();
  }
  if (claim.error().code == Errc::not_found) co_return co_await stranger(session_id);
  log_error("claim_not_loaded", {{"session", session_id}, {"why", claim.error().message}});
  if (claim.error().code == Errc::unreadable) co_return Parked{unreadable_wait};
  co_return Abandoned();
}

// A test key can do nothing for a live order, and the other way round: that is for a process with
// the right key. Stripe writes the mode into the session's id.
bool Fulfilment::is_of_other_mode(std::string_view session_id) {
  const std::optional<bool> ours = context_.stripe.livemode();
  if (!ours || session_id.starts_with("cs_live_") == *ours) return false;
  const Duration now = context_.clock.steady();
  other_mode_until_ = now + other_mode_pause;
  if (!told_other_mode_ || now - *told_other_mode_ > other_mode_told_every) {
    told_other_mode_ = now;
    log_error("order_of_other_mode", {{"session", session_id}, {"key_is_live", *ours}});
  }
  return true;
}

// What has killed its workers again and again, and would for ever: a person's.
boost::asio::awaitable<PassEnd> Fulfilment::quarantine(std::string member) {
  log_error("order_quarantined", {{"session", member}, {"why", "its workers died, one by one"}});
  Result<Claim> claim = co_await context_.store.load(member);
  if (!claim && claim.error().code == Errc::not_found) co_return Removed();
  if (!claim) co_return Parked{unreadable_wait};
  OrderPass order(context_, std::move(member), std::move(*claim));
  co_return co_await order.quarantine();
}

// A knock for a session without a claim: another product's, or an order that Redis has lost.
boost::asio::awaitable<PassEnd> Fulfilment::stranger(std::string session_id) {
  Result<stripe::CheckoutSession> session = co_await context_.stripe.retrieve_checkout(
      session_id, stripe::Expand::payment_and_line_items);
  if (!session && session.error().code == Errc::not_found) co_return Removed();
  if (!session) co_return Parked{context_.policy.unclear_wait};

  const Result<bool> ours =
      co_await is_ours(context_.store, context_.catalog, session_id, session->tool);
  if (!ours) co_return Abandoned();
  if (!*ours) {
    context_.metrics.count(Counter::orders, "foreign");
    log_info("order_foreign", {{"session", session_id}});
    co_return Removed();
  }
  const std::optional<PaymentSeen> seen = payment_of(*session);
  if (seen && seen->state == PaymentState::paid) {
    co_return co_await adopt(session_id, std::move(*session));
  }
  if (session->status == "expired") co_return Removed();
  co_return Parked{std::chrono::minutes(10)};
}

// Paid, ours, and Redis has no claim. An order from before this Redis was first used, or older than
// claims are kept, may have been delivered already by what is forgotten: a person decides, unless
// the register says that all of it has ended. A younger one goes the usual way: the register is
// read before anything is made, and without a prompt its money goes back.
boost::asio::awaitable<PassEnd> Fulfilment::adopt(std::string session_id,
                                                  stripe::CheckoutSession session) {
  const Result<Time> born = co_await context_.store.born();
  if (!born && born.error().code != Errc::not_found) co_return Abandoned();
  const auto known = co_await known_session(context_.store, session_id);
  if (!known) co_return Abandoned();
  const Time created = from_unix_s(session.created);
  const Time now = context_.clock.now();
  const std::string unknown = unknown_because(created, born, now, context_.policy.claim_life);
  NewOrder order;
  order.session_id = session_id;
  Owed owed = owed_for(session, *known, context_.catalog, now);
  order.claim = std::move(owed.claim);
  const bool over = !unknown.empty() && every_unit_registered(order.claim, session.registered);
  if (over) {
    log_info("order_over", {{"session", session_id}, {"why", "the register knows every video"}});
    order.claim.told = told_all;
  }
  const std::string doubt = unknown.empty() || over ? owed.doubt : unknown;
  if (!doubt.empty()) {
    order.claim.state = OrderState::held;
    order.claim.reason = doubt;
  }
  const bool by_site = known->has_value();  // the shop's own site sells, and keeps the values
  const std::string found = over      ? "over, and lost by Redis; rebuilt from the register"
                            : by_site ? "paid; taken over from its session value"
                                      : "paid, but Redis had no claim of it";
  const std::string why = doubt.empty() ? found : doubt;
  order.line = {.when = now, .from = "", .to = std::string(name_of(order.claim.state)), .why = why};
  SessionData shown = rebuilt_session(order.claim, context_.catalog);
  if (!session.buyer_email.empty()) shown.customerEmail = session.buyer_email;
  const Result<std::string> bytes =
      splice_session(encode_session(shown), changes_of(view_of(order.claim), now));
  if (bytes) order.session = *bytes;
  const Claim claim = order.claim;
  const Result<bool> made = co_await context_.store.create(std::move(order));
  if (!made) co_return Abandoned();
  co_await index_order(context_, session_id, claim, session.buyer_email);
  const Result<void> listed = co_await context_.store.remember(session_id, created);
  if (!listed) log_warn("order_not_listed", {{"session", session_id}});
  const bool ordinary = doubt.empty() && (by_site || over);
  log(ordinary ? LogLevel::info : LogLevel::error, doubt.empty() ? "order_adopted" : "order_held",
      {{"session", session_id}, {"why", why}});
  context_.metrics.count(Counter::orders, doubt.empty() ? "adopted" : "held");
  co_return Parked{Duration(0)};  // the next pass goes on with it, or lists it as held and tells it
}

// Refunds and disputes name only the payment: knock at its order.
boost::asio::awaitable<PassEnd> Fulfilment::payment(std::string payment_intent) {
  const Result<std::string> session_id = co_await context_.stripe.session_of(payment_intent);
  if (!session_id && session_id.error().code == Errc::not_found) co_return Removed();
  if (!session_id) co_return Parked{context_.policy.unclear_wait};
  if (!is_session_id(*session_id)) co_return Removed();
  const Result<void> woken = co_await context_.store.wake(*session_id);
  if (!woken) co_return Abandoned();
  co_return Removed();
}

}  // namespace claimcheck
