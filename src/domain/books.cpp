#include "domain/books.hpp"

#include "domain/money.hpp"
#include "domain/transition.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

void compare(std::vector<std::string>& found, const char* what, std::int64_t redis,
             std::int64_t stripe) {
  if (redis == stripe) return;
  found.push_back(fmt::format("{}: {} in Redis, {} at Stripe", what, redis, stripe));
}

std::int64_t rest(const OrderBook& book) {
  const std::int64_t left = book.paid - book.delivered - book.refunded - book.held;
  return std::max<std::int64_t>(left, 0);
}

}  // namespace

OrderBook& OrderBook::operator+=(const OrderBook& other) {
  paid += other.paid;
  delivered += other.delivered;
  refunded += other.refunded;
  held += other.held;
  open += other.open;
  disputed += other.disputed;
  return *this;
}

OrderBook book_of(const Claim& claim) {
  OrderBook book;
  book.paid = claim.amount_minor;
  book.refunded = refunded_minor(claim) + claim.refunded_elsewhere_minor;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    const std::int64_t share = share_of(claim, i);
    const UnitState state = claim.units[i].state;
    if (state == UnitState::delivered) book.delivered += share;
    if (state == UnitState::held) book.held += share;
  }
  if (claim.state == OrderState::held) book.held = rest({book.paid, book.delivered, book.refunded});
  book.open = rest(book);
  const Dispute& dispute = claim.dispute;
  if (!ended_well(dispute) && dispute.currency == claim.currency) {
    book.disputed = dispute.amount_minor;
  }
  return book;
}

OrderBook book_of_payment(const Money& paid, std::int64_t refunded_minor, std::size_t units,
                          const std::vector<Outcome>& outcomes) {
  OrderBook book;
  book.paid = paid.amount_minor;
  book.refunded = refunded_minor;
  for (std::size_t i = 0; i < std::min(units, outcomes.size()); ++i) {
    if (outcomes[i] == Outcome::deliver) book.delivered += share_of(paid, units, i);
  }
  book.open = rest(book);
  return book;
}

std::vector<std::string> differences(const OrderBook& redis, const OrderBook& stripe,
                                     bool registered) {
  std::vector<std::string> found;
  compare(found, "paid", redis.paid, stripe.paid);
  if (registered) compare(found, "delivered", redis.delivered, stripe.delivered);
  compare(found, "refunded", redis.refunded, stripe.refunded);
  return found;
}

}  // namespace claimcheck
