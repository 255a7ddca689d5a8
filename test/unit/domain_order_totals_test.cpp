// The books of one order, as the claim and as Stripe alone tell them.
#include "domain/order_totals.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck {

TEST_CASE("books: what the claim says of its money adds up") {
  Claim claim = test::paid_claim(3);
  claim.amount_minor = 1000;  // 334, 333, 333
  CHECK(totals_of(claim).open == 1000);
  claim.units[0].state = UnitState::delivered;
  claim.units[1].state = UnitState::refunded;
  claim.units[1].refund = "re_1";
  claim.units[2].state = UnitState::held;
  const OrderTotals book = totals_of(claim);
  CHECK(book.delivered == 334);
  CHECK(book.refunded == 333);
  CHECK(book.held == 333);
  CHECK(book.open == 0);
}

TEST_CASE("books: a held order holds what has not ended; a person's refund counts") {
  Claim claim = test::paid_claim(2);
  claim.amount_minor = 1000;
  claim.state = OrderState::held;
  claim.units[0].state = UnitState::delivered;
  claim.refunded_elsewhere_minor = 200;
  CHECK(totals_of(claim).held == 300);
  CHECK(totals_of(claim).refunded == 200);
  CHECK(totals_of(claim).open == 0);
}

TEST_CASE("books: Stripe tells the same from payment, refunds and register") {
  const OrderTotals book = totals_of_payment({.amount_minor = 1000, .currency = "usd"}, 333, 3,
                                             {Outcome::deliver, Outcome::refund});
  CHECK(book.delivered == 334);
  CHECK(book.refunded == 333);
  CHECK(book.open == 333);
}

TEST_CASE("books: each difference is named, deliveries only with a register") {
  const OrderTotals redis{.paid = 10, .delivered = 10};
  const OrderTotals stripe{.paid = 10, .refunded = 10};
  CHECK(differences(redis, redis, true).empty());
  CHECK(differences(redis, stripe, true) ==
        std::vector<std::string>{"delivered: 10 in Redis, 0 at Stripe",
                                 "refunded: 0 in Redis, 10 at Stripe"});
  CHECK(differences(redis, stripe, false).size() == 1);
}

}  // namespace claimcheck
