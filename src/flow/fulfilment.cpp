#include "flow/fulfilment.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/session.hpp"
#include "domain/view.hpp"
#include "flow/order_view.hpp"
#include "flow/payment.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::size_t take_max = 16;
constexpr Duration unreadable_wait = std::chrono::minutes(5);

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
    tasks_.start(work(due));
  }
  co_return taken->size() == room ? Duration(0) : limits_.idle_wait;
}

boost::asio::awaitable<void> Fulfilment::work(Due due) {
  failpoint("work.taken");
  const PassEnd end = co_await pass(due.member);
  std::optional<Duration> delay;
  if (const auto* parked = std::get_if<Parked>(&end)) delay = parked->delay;
  if (!std::holds_alternative<Abandoned>(end)) {
    failpoint("settle.before");
    const std::string member = due.member;
    const Result<bool> settled = co_await context_.store.settle(std::move(due), delay);
    if (!settled) log_warn("settle_failed", {{"session", member}});
  }
  --working_;
}

boost::asio::awaitable<PassEnd> Fulfilment::pass(std::string session_id) {
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
    co_return co_await hold_orphan(session_id, std::move(*session));
  }
  if (session->status == "expired") co_return Removed();
  co_return Parked{std::chrono::minutes(10)};
}

// Paid, ours, and nothing is known of it: no evidence to generate or refund on. A person decides.
boost::asio::awaitable<PassEnd> Fulfilment::hold_orphan(std::string session_id,
                                                        stripe::CheckoutSession session) {
  const Price* price = context_.catalog.price(session.price);
  const Time now = context_.clock.now();
  NewOrder order;
  order.session_id = session_id;
  order.claim.state = OrderState::held;
  order.claim.reason = "paid, but Redis knows nothing of this order";
  order.claim.created_us = to_us(from_unix_s(session.created));
  order.claim.expires_us = to_us(from_unix_s(session.expires_at));
  order.claim.tool = price->tool;
  order.claim.price = price->id;
  order.claim.quantity = std::clamp<std::int64_t>(session.quantity, 1, quantity_max);
  order.claim.amount_minor = session.amount_total;
  order.claim.currency = session.currency;
  order.claim.livemode = session.livemode;
  order.claim.looked_us = order.claim.paid_us = to_us(now);
  order.claim.payment_intent = session.payment_intent;
  order.claim.charge = session.charge;
  order.claim.units.resize(static_cast<std::size_t>(order.claim.quantity * price->units));
  order.line = {.when = now, .from = "", .to = "held", .why = order.claim.reason};
  SessionData shown = rebuilt_session(order.claim, context_.catalog);
  const Result<std::string> bytes =
      splice_session(encode_session(shown), changes_of(view_of(order.claim), now));
  if (bytes) order.session = *bytes;
  const Result<bool> created = co_await context_.store.create(std::move(order));
  if (!created) co_return Abandoned();
  log_error("order_held", {{"session", session_id}, {"why", "paid, but not known here"}});
  context_.metrics.count(Counter::orders, "held");
  co_return Removed();
}

}  // namespace claimcheck
