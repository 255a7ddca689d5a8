// Books: what became of the money of one paid order, in the smallest unit of its currency. Told
// twice, by the claim in Redis and by Stripe alone (the payment, its refunds, and the register in
// the charge), so that either can be held against the other. Pure values, nothing is kept.
#pragma once

#include "domain/claim.hpp"
#include "domain/money.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// paid = delivered + refunded + held + open, unless a person refunded what was delivered.
struct OrderBook {
  std::int64_t paid = 0;
  std::int64_t delivered = 0;
  std::int64_t refunded = 0;  // ours and other people's, pending ones too
  std::int64_t held = 0;      // waits for a person; Stripe cannot tell it from `open`
  std::int64_t open = 0;
  std::int64_t disputed =
      0;  // of all of these, what a bank wants back or has; not Stripe's to tell

  OrderBook& operator+=(const OrderBook& other);
};

OrderBook book_of(const Claim& claim);
// `outcomes`: the register, per unit; `units`: how many were sold.
OrderBook book_of_payment(const Money& paid, std::int64_t refunded_minor, std::size_t units,
                          const std::vector<Outcome>& outcomes);

// What differs, a sentence for people each. Without a register Stripe knows no deliveries.
std::vector<std::string> differences(const OrderBook& redis, const OrderBook& stripe,
                                     bool registered);

}  // namespace claimcheck
