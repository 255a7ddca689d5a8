// What a pass does with an answer when somebody has stored a newer version of its order meanwhile:
// a callback of a generator, a command, another pass.
#include "support/order_passes.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using namespace test;

// Another pass over the order, that a wake has brought, stores something.
boost::asio::awaitable<void> store_meanwhile(Order& order, std::size_t unit) {
  Claim claim = (co_await order.world.store.orders->load(order_id)).value();
  claim.units.at(unit).reason = "somebody was here";
  Commit change;
  change.session_id = order_id;
  change.claim = std::move(claim);
  co_await order.world.store.orders->commit(std::move(change));
}

TEST_CASE("E8 what the generator has answered is kept when somebody has stored a newer version") {
  Order order(2);
  order.world.http.meanwhile[2] = [&order] { return store_meanwhile(order, 1); };
  order.parked({order.paid(), job("job-0"), job("job-1")});
  CHECK(order.claim().units[0].state == UnitState::running);
  CHECK(order.claim().units[0].job == "job-0");
  CHECK(order.claim().units[1].state == UnitState::running);
  CHECK(order.world.http.calls.size() == 3);
}

TEST_CASE("E8 an answer about a unit that went on without us is left to whoever looks next") {
  Order order(2);
  order.world.http.meanwhile[2] = [&order] { return store_meanwhile(order, 0); };
  CHECK(order.parked({order.paid(), job("job-0")}) == Duration(0));
  CHECK(order.claim().units[0].state == UnitState::submitting);
  CHECK(order.claim().units[0].reason == "somebody was here");
}

TEST_CASE("what the register has answered is kept when a callback came for another video") {
  Order order(2);
  order.parked({order.paid(), job("job-0"), job("job-1")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.world.http.calls.clear();
  const HttpResponse busy = answer(200, R"({"id":"job-1","url":null})");
  const std::deque<Result<HttpResponse>> answers = {
      video("job-0"), busy, there(), order.paid(), registered(0, "deliver"), busy};
  SUBCASE("for another video: it is delivered, and Stripe is not asked again") {
    order.world.http.meanwhile[5] = [&order] { return store_meanwhile(order, 1); };
    order.parked(answers);
    REQUIRE(order.world.http.calls.size() == 6);
    CHECK(order.world.http.calls[5].url == "https://gen/api/v1/file/job-1");
    CHECK(order.claim().units[0].state == UnitState::delivered);
    CHECK(order.claim().units[1].reason == "somebody was here");
  }
  SUBCASE("for this video: the next pass reads the register") {
    order.world.http.meanwhile[5] = [&order] { return store_meanwhile(order, 0); };
    CHECK(order.parked(answers) == Duration(0));
    CHECK(order.claim().units[0].state == UnitState::ready);
  }
}

}  // namespace
}  // namespace claimcheck
