// What an order's history is told: a line for each move, and none for what is only repeated.
#include "domain/command.hpp"
#include "support/order_machine.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

TEST_CASE("one decision that moves several units tells each move, in order") {
  Claim claim = ready_claim();
  claim.units.push_back(claim.units[0]);
  claim.payment_read_us = 0;  // a person has decided, Stripe is read before anything else
  const Decision decision = decide(claim, seen(PaymentState::paid), start, with(RegisterMode::off));
  REQUIRE(decision.claim.state == OrderState::done);
  std::vector<std::string> to;
  for (const Move& move : decision.moves) to.push_back(move.to);
  CHECK(to == std::vector<std::string>{"video 1 delivered", "video 2 delivered", "done"});
}

TEST_CASE("what the register says of a video is told of that video") {
  Claim claim = ready_claim();
  claim.units.push_back(claim.units[0]);
  claim.units.push_back({});  // waits
  PaymentSeen payment = seen(PaymentState::paid);
  payment.registered = {Outcome::deliver, Outcome::none, Outcome::refund};
  const Decision decision = decide(claim, payment, start, Policy());
  CHECK(decision.commit);
  REQUIRE(decision.moves.size() == 2);
  CHECK(decision.moves[0].from == "video 1 ready");
  CHECK(decision.moves[0].to == "video 1 delivered");
  CHECK(decision.moves[0].why == "the register says delivered");
  CHECK(decision.moves[1].from == "video 3 waiting");
  CHECK(decision.moves[1].to == "video 3 refunding");
  CHECK(decision.moves[1].why == "the register says refunded");
}

TEST_CASE("what is put off again for the same reason is counted, and told once") {
  Claim claim = failed_claim();
  std::size_t lines = 0;
  Time now = start;
  for (int i = 0; i < 288; ++i) {  // a day of stopped refunds
    now += Policy().refused_max;
    const RefundAllowed stopped{.unit = 0, .allowed = false, .reason = "refunds are stopped"};
    const Decision decision = decide(claim, stopped, now, Policy());
    CHECK(decision.commit);
    lines += decision.moves.size();
    claim = decision.claim;
  }
  CHECK(lines == 1);
  CHECK(claim.units[0].put_offs == 288);
  const RefundAllowed other{.unit = 0, .allowed = false, .reason = "another reason"};
  CHECK(decide(claim, other, now, Policy()).moves.size() == 1);
}

}  // namespace
}  // namespace claimcheck::test
