// Payment: how we learn that an order was paid. A webhook event is verified, read as "look at this
// order" and kept as a due entry before Stripe gets its 200; a visit of the status page of an
// unpaid order does the same at set moments, so a lost event costs seconds. What is true about a
// payment is only ever read from Stripe.
#pragma once

#include "base/secret.hpp"
#include "flow/context.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace claimcheck {

// Did Stripe sign this body, with one of the secrets, and lately? Whatever else comes is counted
// and told of.
bool signed_by_stripe(Context& context, std::string_view body, std::string_view signature,
                      const std::vector<Secret>& secrets);

// Of a body that is signed. Errors: invalid (no event that we understand; answer 400), everything
// else (could not be kept; answer 503 so that Stripe sends it again).
boost::asio::awaitable<Result<void>> receive_event(Context& context, std::string body);

// What one read of a Checkout Session says about its payment; nothing = not understood.
std::optional<PaymentSeen> payment_of(const stripe::CheckoutSession& session);

// Lets the payment and the buyer's address (or none) lead to the order when a person searches for
// it. A hint: losing it is no error.
boost::asio::awaitable<void> index_order(Context& context, std::string session_id,
                                         const Claim& claim, const std::string& buyer_email);

// Visits of the status page. Of an unpaid order: at most one look at Stripe 5 s, 30 s, 2 min and
// 10 min after its creation, then one every 10 min, whatever the number of visits. Of a delivered
// one: the first is kept, as evidence for the bank. Of one whose session value is gone: it is built
// anew from the claim, or looked for at Stripe when that is gone too; the latter is limited, for
// strangers can ask for any id.
class Visits {
 public:
  explicit Visits(Context& context);
  boost::asio::awaitable<void> visit(std::string session_id, Time created);
  boost::asio::awaitable<void> visit_delivered(std::string session_id);
  boost::asio::awaitable<void> visit_unknown(std::string session_id);

  static constexpr std::size_t unknown_max = 60;  // that Stripe is asked about in an hour

 private:
  static constexpr std::size_t remembered_max = 100'000;  // orders; then all are forgotten

  Context& context_;
  std::unordered_map<std::string, std::int64_t> last_slot_;
  std::unordered_set<std::string> delivered_;
  std::unordered_set<std::string> unknown_;  // of this hour
  Duration unknown_since_{0};
};

// How many of those moments have passed since the order's creation; 0 = none yet.
std::int64_t visit_slot(Duration age);

}  // namespace claimcheck
