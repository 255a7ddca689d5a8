// OrderTotals: the sums of one paid order, in the smallest unit of its currency: paid, delivered,
// refunded, held and open. They are computed twice, from the claim in Redis and from Stripe alone
// (the payment, its refunds, and the register in the charge), so that the two can be compared. Pure
// values, nothing is kept.
#pragma once

#include "domain/claim.hpp"
#include "domain/money.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// paid = delivered + refunded + held + open, unless a person refunded what was delivered.
struct OrderTotals {
  std::int64_t paid = 0;
  std::int64_t delivered = 0;
  std::int64_t refunded = 0;  // ours and other people's, pending ones too
  std::int64_t held = 0;      // waits for a person; at Stripe it looks like `open`
  std::int64_t open = 0;
  // The part of these sums that a bank demands or has taken back; Stripe's sums alone do not show
  // it.
  std::int64_t disputed = 0;

  OrderTotals& operator+=(const OrderTotals& other);
};

OrderTotals totals_of(const Claim& claim);
// `outcomes`: the register, per unit; `units`: how many were sold.
OrderTotals totals_of_payment(const Money& paid, std::int64_t refunded_minor, std::size_t units,
                              const std::vector<Outcome>& outcomes);

// The sum of our own refunds of an order, pending ones included.
std::int64_t refunded_minor(const Claim& claim);
// This unit ended without a refund of ours: a person refunded its price at Stripe.
bool ended_by_a_person(const Unit& unit);
// The sum that persons refunded beyond the prices of the units that ended by it. Its purpose is
// unknown.
std::int64_t unattributed_minor(const Claim& claim);

// The differences, a sentence for people each. Without a register Stripe knows no deliveries.
std::vector<std::string> differences(const OrderTotals& redis, const OrderTotals& stripe,
                                     bool registered);

}  // namespace claimcheck
