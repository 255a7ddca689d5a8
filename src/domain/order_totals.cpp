#include "domain/order_totals.hpp"

#include "domain/money.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

void compare(std::vector<std::string>& found, const char* what, std::int64_t redis,
             std::int64_t stripe) {
  if (redis == stripe) return;
  found.push_back(fmt::format("{}: {} in Redis, {} at Stripe", what, redis, stripe));
}

std::int64_t rest(const OrderTotals& totals) {
  const std::int64_t left = totals.paid - totals.delivered - totals.refunded - totals.held;
  return std::max<std::int64_t>(left, 0);
}

}  // namespace

OrderTotals& OrderTotals::operator+=(const OrderTotals& other) {
  paid += other.paid;
  delivered += other.delivered;
  refunded += other.refunded;
  held += other.held;
  open += other.open;
  disputed += other.disputed;
  return *this;
}

OrderTotals totals_of(const Claim& claim) {
  OrderTotals totals;
  totals.paid = claim.amount_minor;
  totals.refunded = refunded_minor(claim) + claim.refunded_elsewhere_minor;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const std::int64_t share = unit_price(claim, i);
    const UnitState state = claim.units[i].state;
    if (state == UnitState::delivered) totals.delivered += share;
    if (state == UnitState::held) totals.held += share;
  }
  if (claim.state == OrderState::held)
    totals.held = rest({totals.paid, totals.delivered, totals.refunded});
  totals.open = rest(totals);
  const Dispute& dispute = claim.dispute;
  if (!ended_well(dispute) && dispute.currency == claim.currency) {
    totals.disputed = dispute.amount_minor;
  }
  return totals;
}

OrderTotals totals_of_payment(const Money& paid, std::int64_t refunded_minor, std::size_t units,
                              const std::vector<Outcome>& outcomes) {
  OrderTotals totals;
  totals.paid = paid.amount_minor;
  totals.refunded = refunded_minor;
  for (std::size_t i = 0; i < std::min(units, outcomes.size()); ++i) {
    if (outcomes[i] == Outcome::deliver) totals.delivered += share_of(paid, units, i);
  }
  totals.open = rest(totals);
  return totals;
}

std::int64_t refunded_minor(const Claim& claim) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const Unit& unit = claim.units[i];
    // The refund of a held unit has failed, or a person must check it.
    const bool ours = has_refund(unit) && unit.state != UnitState::held;
    if (ours) sum += unit_price(claim, i);
  }
  return sum;
}

bool ended_by_a_person(const Unit& unit) {
  return unit.state == UnitState::refunded && !has_refund(unit);
}

std::int64_t unattributed_minor(const Claim& claim) {
  std::int64_t left = claim.refunded_elsewhere_minor;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    if (ended_by_a_person(claim.units[i])) left -= unit_price(claim, i);
  }
  return left;
}

std::vector<std::string> differences(const OrderTotals& redis, const OrderTotals& stripe,
                                     bool registered) {
  std::vector<std::string> found;
  compare(found, "paid", redis.paid, stripe.paid);
  if (registered) compare(found, "delivered", redis.delivered, stripe.delivered);
  compare(found, "refunded", redis.refunded, stripe.refunded);
  return found;
}

}  // namespace claimcheck
