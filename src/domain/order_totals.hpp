// OrderTotals: what became of the money of one paid order, in the smallest unit of its currency.
// Computed twice, from the claim in Redis and from Stripe alone (the payment, its refunds, and the
// register in the charge), so that either can be compared with the other. Pure values, nothing is
// kept.
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
  std::int64_t held = 0;      // waits for a person; Stripe cannot tell it from `open`
  std::int64_t open = 0;
  // Of all of these, what a bank wants back or has; Stripe's sums alone do not tell it.
  std::int64_t disputed = 0;

  OrderTotals& operator+=(const OrderTotals& other);
};

OrderTotals totals_of(const Claim& claim);
// `outcomes`: the register, per unit; `units`: how many were sold.
OrderTotals totals_of_payment(const Money& paid, std::int64_t refunded_minor, std::size_t units,
                              const std::vector<Outcome>& outcomes);

// What our own refunds of an order come to, pending ones included.
std::int64_t refunded_minor(const Claim& claim);
// No refund of ours ended this unit: a person sent its price back, at Stripe itself.
bool ended_by_a_person(const Unit& unit);
// What persons sent back beyond the prices of units that ended by it: nobody can tell what for.
std::int64_t unattributed_minor(const Claim& claim);

// What differs, a sentence for people each. Without a register Stripe knows no deliveries.
std::vector<std::string> differences(const OrderTotals& redis, const OrderTotals& stripe,
                                     bool registered);

}  // namespace claimcheck
