#include "flow/fulfilment.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/session.hpp"
#include "domain/view.hpp"
#include "flow/order_view.hpp"
#include "flow/payment.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace claimcheck {

namespace {

constexpr std::size_t take_max = 16;
constexpr std::int64_t lapses_max = 5;
constexpr Duration unreadable_wait = std::chrono::minutes(5);

std::optional<std::string> payment_of_due(std::string_view member) {
  constexpr std::string_view prefix = "pi:";
  if (!member.starts_with(prefix)) return std::nullopt;
  return std::string(member.substr(prefix.size()));
}

// A claim for a paid session, from what Stripe knows of it.
Claim orphan(const stripe::CheckoutSession& session, const Price& price, Time now) {
  Claim claim;
  claim.state = OrderState::paid;
  claim.created_us = to_us(from_unix_s(session.created));
  claim.expires_us = to_us(from_unix_s(session.expires_at));
  claim.tool = price.tool;
  claim.price = price.id;
  claim.quantity = std::clamp<std::int64_t>(session.quantity, 1, quantity_max);
  claim.amount_minor = session.amount_total;
  claim.currency = session.currency;
  claim.livemode = session.livemode;
  claim.paid_us = to_us(now);
  claim.payment_intent = session.payment_intent;
  claim.charge = session.charge;
  const auto units = static_cast<std::size_t>(claim.quantity * price.units);
  claim.units.resize(std::min(units, units_max));
  return claim;
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
    : context_(context), tasks_(tasks), limits_(limits) {}

void Fulfilment::stop() { stopping_ = true; }

boost::asio::awaitable<void> Fulfilment::run() {
  while (!stopping_) {
    const Duration wait = co_await take_due();
    if (wait > Duration(0)) co_await context_.clock.sleep(wait);
  }
}

// Returns how long to wait before the next look.
boost::asio::awaitable<Duration> Fulfilment::take_due() {
  const std::size_t room = std::min(limits_.orders_max - working_, take_max);
  if (room == 0) co_return limits_.idle_wait;
  const Result<std::vector<Due>> taken = co_await context_.store.take(room, limits_.lease);
  if (!taken) co_return limits_.failed_wait;
  for (const Due& due : *taken) {
    ++working_;
    if (due.lapses < lapses_alone) {
      tasks_.start(work(due));
    } else {
      co_await work(due);  // if it kills us, then nobody else with us
    }
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
  const std::string member = due.member;
  const Result<bool> settled = co_await context_.store.settle(std::move(due), delay);
  if (!settled) log_warn("settle_failed", {{"session", member}});
  --working_;
}

boost::asio::awaitable<PassEnd> Fulfilment::pass(std::string session_id) {
  if (const auto intent = payment_of_due(session_id)) co_return co_await payment(*intent);
  Result<Claim> claim = co_await context_.store.load(session_id);
  if (claim) {
    OrderPass order(context_, session_id, std::move(*claim));
    PassEnd end = co_await order.run();
    end = co_await order.list_held(end);
    co_return co_await order.tell(end);
  }
  if (claim.error().code == Errc::not_found) co_return co_await stranger(session_id);
  log_error("claim_not_loaded", {{"session", session_id}, {"why", claim.error().message}});
  if (claim.error().code == Errc::unreadable) co_return Parked{unreadable_wait};
  co_return Abandoned();
}

// What has killed its workers again and again, and would for ever: a person's.
boost::asio::awaitable<PassEnd> Fulfilment::quarantine(std::string member) {
  log_error("order_quarantined", {{"session", member}, {"why", "its workers died, one by one"}});
  Result<Claim> claim = co_await context_.store.load(member);
  if (!claim && claim.error().code == Errc::not_found) co_return Removed();
  if (!claim) co_return Parked{unreadable_wait};
  OrderPass order(context_, std::move(member), std::move(*claim));
  PassEnd end = co_await order.quarantine();
  end = co_await order.list_held(end);
  co_return co_await order.tell(end);
}

// A knock for a session without a claim: another product's, or an order that Redis has lost.
boost::asio::awaitable<PassEnd> Fulfilment::stranger(std::string session_id) {
  Result<stripe::CheckoutSession> session = co_await context_.stripe.retrieve_checkout(
      session_id, stripe::Expand::payment_and_line_items);
  if (!session && session.error().code == Errc::not_found) co_return Removed();
  if (!session) co_return Parked{context_.policy.unclear_wait};

  const bool ours =
      context_.catalog.sells(session->tool) && context_.catalog.price(session->price) != nullptr;
  if (!ours) {
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
  const Time created = from_unix_s(session.created);
  const Time now = context_.clock.now();
  const std::string unknown = unknown_because(created, born, now, context_.policy.claim_life);
  NewOrder order;
  order.session_id = session_id;
  order.claim = orphan(session, *context_.catalog.price(session.price), now);
  if (!unknown.empty() && every_unit_registered(order.claim, session.registered)) {
    log_info("order_over", {{"session", session_id}, {"why", "the register knows every video"}});
    co_return Removed();
  }
  if (!unknown.empty()) {
    order.claim.state = OrderState::held;
    order.claim.reason = unknown;
  }
  const std::string why = unknown.empty() ? "paid, but Redis had no claim of it" : unknown;
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
  log_error(unknown.empty() ? "order_adopted" : "order_held",
            {{"session", session_id}, {"why", why}});
  context_.metrics.count(Counter::orders, unknown.empty() ? "adopted" : "held");
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
