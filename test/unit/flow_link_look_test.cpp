// The looks at a delivered link: what is counted and told of a dead one, and when.
#include "support/order_passes.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

struct Delivered : Order {
  Delivered() {
    parked({paid(), job("job-0")});
    world.run.clock.advance(std::chrono::seconds(1));
    pass({video("job-0"), there(), paid(), registered(0, "deliver")});
    REQUIRE(claim().state == OrderState::done);
  }
  // After so long; the generator still has no other address.
  void look(Duration after, std::deque<Result<HttpResponse>> answers) {
    world.run.clock.advance(after);
    // Payment and disputes are read again first.
    answers.push_front(answer(200, R"({"object":"list","has_more":false,"data":[]})"));
    answers.push_front(paid());
    pass(std::move(answers));
    REQUIRE(world.http.answers.empty());  // it was looked at
  }
  void finds_none(Duration after) { look(after, {answer(404, ""), job("job-0")}); }
  std::int64_t told() const { return world.metrics.total(Counter::units, "link_dead"); }
};

constexpr Duration day = std::chrono::days(1) + std::chrono::minutes(1);

TEST_CASE("link look: a dead link is told once, when the second look finds it dead") {
  Delivered order;
  order.finds_none(day);
  CHECK(order.told() == 0);
  order.finds_none(std::chrono::minutes(61));
  CHECK(order.told() == 1);
  CHECK(order.shown().notice == "link_lost");
  order.finds_none(2 * day);
  CHECK(order.told() == 1);
}

TEST_CASE("link look: a link that was dead for a moment is not told") {
  Delivered order;
  order.finds_none(day);
  order.look(std::chrono::minutes(61), {there()});
  CHECK(order.told() == 0);
  CHECK_FALSE(order.shown().notice.has_value());
}

}  // namespace
}  // namespace claimcheck::test
