// StripePages: where a buyer goes on at Stripe: the payment page of an order that is not paid yet,
// and the receipt of a paid one. Each answer costs one read of Stripe, so callers ask only when a
// buyer has pressed the button, and limit how often. Orders that the shop's own site has made are
// served as well; sessions of other products in the same Stripe account are not.
#pragma once

#include "flow/context.hpp"
#include "flow/refusal.hpp"

#include <expected>
#include <string>

namespace claimcheck {

class StripePages {
 public:
  explicit StripePages(Context& context) : context_(context) {}

  // An address at Stripe; empty = there is none, and the order's own page tells the rest. Refusals
  // of both: stripe_unavailable, stripe_busy, store_unavailable.
  using Address = std::expected<std::string, Refusal>;
  // The payment page while the session is open; the recovery page, if there is one, when it has
  // expired. An order that has ended there is looked at, so its page tells so a moment later.
  boost::asio::awaitable<Address> payment(std::string session_id);
  // Of the charge; some ways to pay have none.
  boost::asio::awaitable<Address> receipt(std::string session_id);

  static constexpr std::size_t unknown_max =
      60;  // questions about sessions we do not know, an hour

 private:
  using Read = std::expected<std::optional<stripe::CheckoutSession>, Refusal>;
  // Nothing = not ours, or not at Stripe.
  boost::asio::awaitable<Read> read(std::string session_id, bool known);
  bool may_ask_about_unknown(const std::string& session_id);

  Context& context_;
  std::size_t unknown_ = 0;  // of this hour
  Duration unknown_since_{0};
};

}  // namespace claimcheck
