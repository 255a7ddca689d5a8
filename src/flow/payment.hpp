// Payment: how we learn that an order was paid. A webhook event is verified, read as "look at this
// order" and kept as a due entry before Stripe gets its 200; a visit of the status page of an
// unpaid order does the same at set moments, so a lost event costs seconds. What is true about a
// payment is only ever read from Stripe.
#pragma once

#include "base/secret.hpp"
#include "base/sweep.hpp"
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
// strangers can ask for any id. What it remembers are the orders of the last ten minutes, at most
// `remembered_max` of them, and some of the delivered ones.
class Visits {
 public:
  explicit Visits(Context& context);
  boost::asio::awaitable<void> visit(std::string session_id, Time created);
  boost::asio::awaitable<void> visit_delivered(std::string session_id);
  boost::asio::awaitable<void> visit_unknown(std::string session_id);
  std::size_t remembered() const { return looked_.size(); }  // unpaid orders

  static constexpr std::size_t unknown_max = 60;  // that Stripe is asked about in an hour

 private:
  static constexpr std::size_t remembered_max = 100'000;  // orders; then all are forgotten
  static constexpr std::size_t delivered_max = 1'000;     // likewise: to note again is nothing new
  struct Looked {
    std::int64_t slot = 0;
    Duration at{0};  // steady
  };
  void forget_old(Duration steady_now);

  Context& context_;
  std::unordered_map<std::string, Looked> looked_;
  SweepMark sweep_;
  std::unordered_set<std::string> delivered_;
  std::unordered_set<std::string> unknown_;  // of this hour
  Duration unknown_since_{0};
};

// How many of those moments have passed since the order's creation; 0 = none yet.
std::int64_t visit_slot(Duration age);

}  // namespace claimcheck
