// PaymentCalls: the calls of one pass to Stripe, about the payment, the register of outcomes,
// refunds and disputes. Each turns an action of decide() into an observation. An answer about
// another payment is never believed. Owned by OrderPass, reads its order.
#pragma once

#include "flow/order_in_work.hpp"

#include <optional>
#include <string>

namespace claimcheck {

class PaymentCalls {
 public:
  // read_payment() writes the buyer's address at Stripe into `order`.
  explicit PaymentCalls(OrderInWork& order) : order_(order) {}

  // One call for each action. Nothing = the store did not answer; a failure at Stripe is an
  // observation.
  boost::asio::awaitable<Seen> read_payment();
  boost::asio::awaitable<Seen> write_register(std::size_t unit);
  boost::asio::awaitable<Seen> allow_refund(std::size_t unit);
  boost::asio::awaitable<Seen> list_refunds();
  boost::asio::awaitable<Seen> refund(std::size_t unit);
  boost::asio::awaitable<Seen> list_disputes();
  // Was the payment read so lately in this pass that money may move on it?
  bool fresh() const;

 private:
  boost::asio::awaitable<Seen> ask_payment();
  Async<Outcome> register_outcome(std::size_t unit, Outcome outcome);

  OrderInWork& order_;
  // Steady time of the last read. The claim has the wall clock's: other processes compare that, and
  // a step of the clock must not make an old read fresh.
  std::optional<Duration> read_at_;
};

}  // namespace claimcheck
