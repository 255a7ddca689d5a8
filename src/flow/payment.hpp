// Payment: how we learn that an order was paid. A webhook event is verified, taken only as a reason
// to refresh its order, and kept as a due entry before Stripe gets its 200. A visit to the status
// page of an unpaid order does the same at fixed moments, so a lost event costs seconds. The truth
// about a payment is only ever read from Stripe.
#pragma once

#include "base/secret.hpp"
#include "base/sweep.hpp"
#include "flow/context.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace claimcheck {

// Did Stripe sign this body, with one of the secrets, and recently? Every other body is counted and
// logged.
bool signed_by_stripe(Context& context, std::string_view body, std::string_view signature,
                      const std::vector<Secret>& secrets);

// For a body whose signature was checked. Errors: invalid (no event that we understand; answer
// 400), all others (the event was not kept; answer 503, so that Stripe sends it again).
boost::asio::awaitable<Result<void>> receive_event(Context& context, std::string body);

// What a Checkout Session as read says about its payment; nothing = not understood.
std::optional<PaymentSeen> payment_of(const stripe::CheckoutSession& session);

// Adds the order to the search index, by its payment and by the buyer's address (may be empty). A
// hint: losing it is no error.
boost::asio::awaitable<void> index_order(Context& context, std::string session_id,
                                         const Claim& claim, const std::string& buyer_email,
                                         const std::string& reference);
// The same after a person has corrected address or reference in the session value: what it no
// longer has does not lead to the order any more.
boost::asio::awaitable<void> reindex_order(Context& context, std::string session_id,
                                           const SessionData& before, const SessionData& after);

// Visits to the status page. Unpaid order: at most one refresh 5 s, 30 s, 2 min and 10 min after
// its creation, then one every 10 min, for any number of visits. Delivered order: the first visit
// is stored, as evidence for the bank. Order without a session value: it is rebuilt from the claim,
// or searched for at Stripe when the claim is gone too. Such searches are limited, since anybody
// can ask for any id. Visits remembers the orders of the last ten minutes, at most `remembered_max`
// of them, and `delivered_max` of the delivered ones. Failures are logged: the next visit tries
// again.
class Visits {
 public:
  explicit Visits(Context& context);
  boost::asio::awaitable<void> visit(std::string session_id, Time created);
  boost::asio::awaitable<void> visit_delivered(std::string session_id);
  boost::asio::awaitable<void> visit_unknown(std::string session_id);
  std::size_t remembered() const { return looked_.size(); }  // unpaid orders

  static constexpr std::size_t unknown_max = 60;  // sessions in an hour

 private:
  static constexpr std::size_t remembered_max = 100'000;  // orders; then all are forgotten
  // Likewise. To store a visit again changes nothing, but costs a write. As many as there are usual
  // kept answers (StatusCache).
  static constexpr std::size_t delivered_max = 20'000;
  struct Looked {
    std::int64_t slot = 0;
    Duration at{0};  // steady
  };
  void forget_old(Duration steady_now);

  Context& context_;
  std::unordered_map<std::string, Looked> looked_;
  SweepMark sweep_;
  std::unordered_set<std::size_t> delivered_;  // hashes of session ids: less than 1 MB
  std::unordered_set<std::string> unknown_;    // of this hour
  Duration unknown_since_{0};
};

// How many of those moments have passed since the order's creation; 0 = none yet.
std::int64_t visit_slot(Duration age);

}  // namespace claimcheck
