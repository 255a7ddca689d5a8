// What passes leave behind beside the claim: the buyer's address, words to find the order by,
// counts.
#include "domain/command.hpp"
#include "flow/generation_calls.hpp"
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
  CHECK(found == std::vector<std::string>{order_id});
}

TEST_CASE("an address that the order has is not replaced") {
  Order order;
  const std::string before =
      order.world.run(order.world.store.sessions->read_session(order_id))->bytes;
  std::string given = before;
  given.insert(1, R"("customerEmail":"eve@example.com",)");
  REQUIRE(
      order.world.run(order.world.store.sessions->write_session(order_id, std::nullopt, given)));
  order.parked({with_buyer(order.paid(), "ada@example.com"), job("job-0")});
  CHECK(order.shown().customerEmail == "eve@example.com");
}

// Another program replaces the session value while a pass waits for an answer.
boost::asio::awaitable<void> rename_meanwhile(Order& order) {
  SessionValues& values = *order.world.store.sessions;
  const SessionBytes stored = (co_await values.read_session(order_id)).value();
  const auto renamed = splice_session(stored.bytes, {{.name = "toolTitle", .json = R"("theirs")"}});
  co_await values.write_session(order_id, std::nullopt, renamed.value());
}

TEST_CASE("what another program writes during a submit is not written over") {
  Order order;
  order.world.http.meanwhile[2] = [&order] { return rename_meanwhile(order); };
  order.parked({order.paid(), job("job-0")});
  CHECK(order.claim().units[0].job == "job-0");
  CHECK(order.claim().view_dirty);
  CHECK(order.shown().toolTitle == "theirs");
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.pass({video("job-0"), there(), order.paid(), registered(0, "deliver")});
  CHECK(order.shown().toolTitle == "theirs");
  CHECK(order.shown().fileId == "job-0");
  CHECK(order.shown().status == SessionStatus::completed);
}

TEST_CASE("what cannot be generated is decided on what Redis has, not on what the pass wrote") {
  Order order;
  const std::string before =
      order.world.run(order.world.store.sessions->read_session(order_id))->bytes;
  OrderInWork work(order.world.context, order_id, order.claim());
  work.written.emplace(splice_session(before, {{.name = "prompt", .json = R"("")"}}).value());
  GenerationCalls calls(work);
  const Seen seen = order.world.run(calls.prepare(0));
  REQUIRE(seen.has_value());
  CHECK(std::holds_alternative<Prepared>(*seen));
}

TEST_CASE("only what is wholly delivered tells how long a delivery takes") {
  Order order;
  order.refused({registered(0, "refund"), order.paid(), refund_list(),
                 answer(200, refund_text("succeeded", order_id + "/0"))});
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
  OrderPass person(order.world.context, order_id, order.claim());
  REQUIRE(order.world.run(person.apply(retry->decision, "")));
  CHECK(order.claim().state == OrderState::paid);
  CHECK(order.world.metrics.total(Counter::orders, "paid") == 1);
}

}  // namespace
}  // namespace claimcheck
