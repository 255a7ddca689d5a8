#include "flow/payment_calls.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "flow/generator_line.hpp"
#include "flow/payment.hpp"

#include <fmt/format.h>

#include <charconv>

namespace claimcheck {

namespace {

Outcome other(Outcome outcome) {
  return outcome == Outcome::deliver ? Outcome::refund : Outcome::deliver;
}

RefundState state_of(std::string_view status) {
  if (status == "succeeded") return RefundState::succeeded;
  if (status == "failed" || status == "canceled") return RefundState::failed;
  return RefundState::pending;  // also requires_action, and any word that we do not know
}

// The unit that a tag names, if the refund is one of this order's.
std::optional<std::size_t> unit_in(std::string_view tag, std::string_view session_id) {
  if (!tag.starts_with(session_id)) return std::nullopt;
  tag.remove_prefix(session_id.size());
  if (!tag.starts_with('/')) return std::nullopt;
  tag.remove_prefix(1);
  std::size_t unit = 0;
  const auto [stop, failed] = std::from_chars(tag.data(), tag.data() + tag.size(), unit);
  if (failed != std::errc() || stop != tag.data() + tag.size()) return std::nullopt;
  return unit;
}

RefundFound found(const stripe::Refund& refund, std::string_view session_id) {
  // A refund without our tag belongs to no unit: a person made it in the Dashboard, for example.
  return {.unit = unit_in(refund.tag, session_id),
          .id = refund.id,
          .state = state_of(refund.status),
          .amount_minor = refund.amount_minor};
}

RefundResult result_of(Errc code) {
  if (code == Errc::invalid) return RefundResult::changed;
  if (code == Errc::stuck) return RefundResult::stuck;
  return RefundResult::unclear;
}

// A session has one payment, so another one in the answer is a mistake of the peer.
bool is_another_payment(const Claim& claim, const stripe::CheckoutSession& session) {
  return !claim.payment_intent.empty() && !session.payment_intent.empty() &&
         claim.payment_intent != session.payment_intent;
}

}  // namespace

boost::asio::awaitable<Seen> PaymentCalls::read_payment() {
  Seen seen = co_await ask_payment();
  // Without the payment the pass goes no further, and its jobs go on.
  if (seen && std::holds_alternative<PaymentUnclear>(*seen)) co_await keep_places(order_);
  co_return seen;
}

boost::asio::awaitable<Seen> PaymentCalls::ask_payment() {
  read_at_ = order_.context.clock.steady();  // before the call: the answer is at least that fresh
  // With the line items: price and quantity must agree as well.
  const Result<stripe::CheckoutSession> session = co_await order_.context.stripe.retrieve_checkout(
      order_.id, stripe::Expand::payment_and_line_items);
  if (!session) {
    read_at_.reset();
    log_warn("payment_unclear", {{"session", order_.id}, {"why", session.error().message}});
    co_return PaymentUnclear{.unknown_session = session.error().code == Errc::not_found};
  }
  if (is_another_payment(order_.claim, *session)) {
    log_error("answer_about_another", {{"peer", "stripe"},
                                       {"member", "payment_intent"},
                                       {"asked", order_.claim.payment_intent},
                                       {"told", session->payment_intent}});
    read_at_.reset();
    co_return PaymentUnclear();
  }
  // Only from an answer that was found to be about this order.
  order_.buyer_email = session->buyer_email;
  order_.recovery_url = session->recovery_url;
  order_.reference = session->reference;
  order_.metadata = session->metadata;
  const std::optional<PaymentSeen> seen = payment_of(*session);
  if (!seen) {
    log_warn("payment_not_understood", {{"session", order_.id}, {"status", session->status}});
    co_return PaymentUnclear();
  }
  co_return *seen;
}

bool PaymentCalls::fresh() const {
  return read_at_ &&
         order_.context.clock.steady() - *read_at_ <= order_.context.policy.payment_fresh;
}

boost::asio::awaitable<Seen> PaymentCalls::write_register(std::size_t unit) {
  // The register is read first, just before the write. Stripe forgets a key after a while: then a
  // second write with the other outcome would be accepted.
  if (!fresh()) co_return co_await read_payment();
  // The state decides, not the caller: a unit with a video is registered as delivered, every other
  // one as refunded.
  const bool made = order_.claim.units[unit].state == UnitState::ready;
  failpoint("register.before_call");
  const Result<Outcome> stands =
      co_await register_outcome(unit, made ? Outcome::deliver : Outcome::refund);
  failpoint("register.after_call");
  Registered seen;
  seen.unit = unit;
  if (stands) {
    seen.outcome = *stands;
  } else {
    // Stripe refuses the same request again, while every other failure may pass.
    seen.refused = stands.error().code == Errc::invalid;
    seen.reason = stands.error().message;
    log_warn("outcome_not_registered",
             {{"session", order_.id}, {"unit", unit}, {"why", seen.reason}});
  }
  co_return seen;
}

// The first key decides, for all processes. Another outcome under it is refused; then that other
// outcome is the registered one. If Stripe has stored a failure under the first key, the second key
// is used, with the outcome that the first one accepts.
Async<Outcome> PaymentCalls::register_outcome(std::size_t unit, Outcome outcome) {
  if (order_.claim.charge.empty()) co_return fail(Errc::unavailable, "Stripe names no charge");
  const auto key = [this, unit](int number) {
    return fmt::format("cc-outcome:{}:{}:{}", order_.id, unit, number);
  };
  Result<Outcome> stands =
      co_await order_.context.stripe.register_outcome(order_.claim.charge, unit, outcome, key(0));
  if (!stands && stands.error().code == Errc::conflict) {
    outcome = other(outcome);
    stands =
        co_await order_.context.stripe.register_outcome(order_.claim.charge, unit, outcome, key(0));
  }
  if (stands || stands.error().code != Errc::stuck) co_return stands;

  const Result<stripe::CheckoutSession> session =
      co_await order_.context.stripe.retrieve_checkout(order_.id, stripe::Expand::payment);
  if (!session) co_return fail(session);
  // The failed call may have written all the same, so the register is read before the second key is
  // used.
  const std::vector<Outcome>& registered = session->registered;
  if (unit < registered.size() && registered[unit] != Outcome::none) co_return registered[unit];
  co_return co_await order_.context.stripe.register_outcome(order_.claim.charge, unit, outcome,
                                                            key(1));
}

boost::asio::awaitable<Seen> PaymentCalls::allow_refund(std::size_t unit) {
  // The reservation has the name of the unit: a pass that repeats it after a crash is not counted
  // twice.
  const Result<std::string> objection =
      co_await order_.context.store.refunds->allow_refund(order_.tag(unit), order_.price_of(unit));
  if (!objection) co_return std::nullopt;
  RefundAllowed seen;
  seen.unit = unit;
  seen.allowed = objection->empty();
  if (!seen.allowed) {
    seen.reason = "automatic refunds are stopped: " + *objection;
    // The unit asks again and again while refunds are stopped: one alarm is enough.
    const bool told = order_.claim.units[unit].reason == seen.reason;
    log(told ? LogLevel::debug : LogLevel::error, "refunds_stopped",
        {{"session", order_.id}, {"unit", unit}, {"why", *objection}});
  }
  co_return seen;
}

boost::asio::awaitable<Seen> PaymentCalls::list_refunds() {
  // The payment is read together with the list, since the sum below must be of the same moment.
  read_at_ = order_.context.clock.steady();
  const Result<stripe::CheckoutSession> session =
      co_await order_.context.stripe.retrieve_checkout(order_.id, stripe::Expand::payment);
  const std::optional<PaymentSeen> payment = session ? payment_of(*session) : std::nullopt;
  if (!payment) {
    read_at_.reset();
    log_warn("payment_unclear", {{"session", order_.id}});
    co_return RefundsUnclear();
  }
  // Nothing was charged. Without a payment in the question Stripe would list those of all orders.
  if (session->payment_intent.empty()) co_return RefundsSeen{.payment = *payment, .refunds = {}};
  const Result<std::vector<stripe::Refund>> refunds =
      co_await order_.context.stripe.list_refunds(session->payment_intent);
  if (!refunds) {
    log_warn("refunds_unclear", {{"session", order_.id}, {"why", refunds.error().message}});
    co_return RefundsUnclear();
  }
  RefundsSeen seen;
  seen.payment = *payment;
  for (const stripe::Refund& refund : *refunds) seen.refunds.push_back(found(refund, order_.id));
  // An empty list names no payment. Only the sum shows whether it is the list of another payment,
  // and from such a list a second refund would follow.
  std::int64_t listed = 0;
  for (const RefundFound& refund : seen.refunds) {
    if (refund.state != RefundState::failed) listed += refund.amount_minor;
  }
  if (listed < payment->refunded_minor) {
    log_error("answer_about_another", {{"peer", "stripe"},
                                       {"member", "refunds"},
                                       {"asked", payment->refunded_minor},
                                       {"told", listed}});
    co_return RefundsUnclear();
  }
  co_return seen;
}

boost::asio::awaitable<Seen> PaymentCalls::list_disputes() {
  if (order_.claim.payment_intent.empty()) co_return DisputesSeen();  // nothing was charged
  Result<std::vector<Dispute>> disputes =
      co_await order_.context.stripe.list_disputes(order_.claim.payment_intent);
  if (disputes) co_return DisputesSeen{std::move(*disputes)};
  const bool refused = disputes.error().code == Errc::forbidden;
  log(refused ? LogLevel::error : LogLevel::warn, "disputes_unclear",
      {{"session", order_.id}, {"why", disputes.error().message}});
  co_return DisputesUnclear{.refused = refused};
}

boost::asio::awaitable<Seen> PaymentCalls::refund(std::size_t unit) {
  stripe::RefundParams params;
  params.payment_intent = order_.claim.payment_intent;
  params.amount_minor = order_.price_of(unit).amount_minor;
  params.tag = order_.tag(unit);
  // A fixed key: a refund that is repeated after a crash returns the first one. Only an error that
  // Stripe has stored under the key uses up a number.
  std::string key =
      fmt::format("cc-refund:{}:{}", order_.tag(unit), order_.claim.units[unit].refund_tries);
  failpoint("refund.before_call");
  const Result<stripe::Refund> made =
      co_await order_.context.stripe.refund(std::move(params), std::move(key));
  failpoint("refund.after_call");
  Refunded seen;
  seen.unit = unit;
  if (made) {
    seen.result = RefundResult::made;
    seen.refund = found(*made, order_.id);
    log_info("refund_made", {{"session", order_.id}, {"unit", unit}, {"refund", made->id}});
  } else {
    seen.result = result_of(made.error().code);
    seen.reason = "its refund could not be made: " + made.error().message;
    log_warn("refund_not_made",
             {{"session", order_.id}, {"unit", unit}, {"why", made.error().message}});
  }
  co_return seen;
}

}  // namespace claimcheck
