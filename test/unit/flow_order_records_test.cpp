// What passes leave behind beside the claim: the buyer's address, words to find the order by,
// counts.
#include "domain/command.hpp"
#include "support/order_passes.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using namespace test;

HttpResponse with_buyer(HttpResponse session, const std::string& address) {
  session.body.insert(1, R"("customer_details":{"email":")" + address + "\"},");
  return session;
}

TEST_CASE("the address that the buyer gave to Stripe is kept, and leads to the order") {
  Order order;
  order.parked({with_buyer(order.paid(), "Ada@example.com"), job("job-0")});
  CHECK(order.shown().customerEmail == "Ada@example.com");
  const auto found = order.world.run(order.world.store.words->find_word("email:ada@example.com"));
  CHECK(found == std::vector<std::string>{id});
}

TEST_CASE("an address that the order has is not replaced") {
  Order order;
  const std::string before = order.world.run(order.world.store.sessions->read_session(id))->bytes;
  std::string given = before;
  given.insert(1, R"("customerEmail":"eve@example.com",)");
  REQUIRE(order.world.run(order.world.store.sessions->write_session(id, std::nullopt, given)));
  order.parked({with_buyer(order.paid(), "ada@example.com"), job("job-0")});
  CHECK(order.shown().customerEmail == "eve@example.com");
}

TEST_CASE("only what is wholly delivered tells how long a delivery takes") {
  Order order;
  order.refused({registered(0, "refund"), order.paid(), refund_list(),
                 answer(200, refund_text("succeeded", id + "/0"))});
  REQUIRE(order.claim().state == OrderState::done);
  CHECK(order.world.metrics.deliveries().count == 0);
}

TEST_CASE("an order that was held and goes on is not counted as paid again") {
  Order order;
  order.world.context.policy.refunds_automatic = false;
  order.refused({});
  REQUIRE(order.claim().state == OrderState::held);
  const auto retry =
      decide(order.claim(), {.kind = CommandKind::retry}, order.world.run.clock.now());
  REQUIRE(retry);
  OrderPass person(order.world.context, id, order.claim());
  REQUIRE(order.world.run(person.apply(retry->decision, "")));
  CHECK(order.claim().state == OrderState::paid);
  CHECK(order.world.metrics.total(Counter::orders, "paid") == 1);
}

}  // namespace
}  // namespace claimcheck
