// A recovered checkout: which order it continues, what it takes over, and what it never does.
#include "flow/continued.hpp"
#include "flow/recovery.hpp"
#include "support/order_passes.hpp"

namespace claimcheck {
namespace {

using test::order_id;

const std::string next = "cs_test_next";

struct Left {
  test::Order order;
  test::OrderWorld& world = order.world;

  explicit Left(const std::string& prompt = "a cat") : order(1, prompt) {
    world.run.clock.advance(std::chrono::hours(24));
    order.pass({world.session(order_id, "expired", "unpaid")});
    REQUIRE(order.claim().state == OrderState::expired);
  }

  // A session as Stripe tells of it, with that `recovered_from` ("" = none).
  HttpResponse session(const std::string& of, const std::string& from, const std::string& status) {
    HttpResponse answer = world.session(of, status, status == "complete" ? "paid" : "unpaid");
    std::string more = R"("line_items":{"data":[{"price":{"id":"price_1"},"quantity":1}]},)";
    if (!from.empty()) more += R"("recovered_from":")" + from + "\",";
    more += R"("metadata":{"tool":"veo3-generator"},)";
    answer.body.insert(1, more);
    return answer;
  }
  PassEnd recovered(std::deque<Result<HttpResponse>> answers, const std::string& of = next) {
    world.http.answers = std::move(answers);
    world.http.calls.clear();
    return world.run(recover_order(world.context, of));
  }
  Result<SessionData> value(const std::string& of = next) {
    const Result<SessionBytes> stored = world.run(world.store.sessions->read_session(of));
    if (!stored) return fail(stored);
    return decode_session(stored->bytes);
  }
  std::string why(const std::string& of = next) {
    return world.run(world.store.orders->history(of))->back().why;
  }
};

bool made(const PassEnd& end) {
  const auto* parked = std::get_if<Parked>(&end);
  return parked != nullptr && parked->delay == Duration(0);
}

TEST_CASE("continued: a paid recovery has the prompt and the choices of the expired order") {
  Left left;
  const SessionData before = left.order.shown();
  REQUIRE(made(left.recovered({left.session(next, order_id, "complete")})));
  const SessionData value = left.value().value();
  CHECK(value.prompt == "a cat");
  CHECK(value.continues == order_id);
  CHECK(value.status == SessionStatus::processing);
  CHECK(value.style == before.style);
  CHECK(value.toolSlug == before.toolSlug);
  CHECK_FALSE(value.error);
  CHECK_FALSE(value.notice);
  CHECK(left.world.run(left.world.store.orders->load(next))->state == OrderState::paid);
  CHECK(left.why() == "paid; continues " + order_id);
  CHECK(left.world.http.calls.size() == 1);  // Redis knew the order, so Stripe is not asked again
  // The expired one stays what it was.
  CHECK(left.order.claim().state == OrderState::expired);
  CHECK(left.order.shown() == before);
}

TEST_CASE("continued: two recoveries of one order are two orders") {
  Left left;
  REQUIRE(made(left.recovered({left.session(next, order_id, "complete")})));
  REQUIRE(
      made(left.recovered({left.session("cs_test_third", order_id, "complete")}, "cs_test_third")));
  CHECK(left.value()->prompt == "a cat");
  CHECK(left.value("cs_test_third")->prompt == "a cat");
  // A pass that comes too late, or again after a crash, changes nothing.
  const Claim claim = left.world.run(left.world.store.orders->load(next)).value();
  left.recovered({left.session(next, order_id, "complete")});
  CHECK(left.world.run(left.world.store.orders->load(next)).value() == claim);
}

TEST_CASE("continued: recoveries that were left as well are followed back, so many and no more") {
  Left left;
  std::deque<Result<HttpResponse>> answers = {left.session(next, "cs_test_m1", "complete")};
  for (int i = 1; i < recoveries_max - 1; ++i) {
    answers.push_back(
        left.session(fmt::format("cs_test_m{}", i), fmt::format("cs_test_m{}", i + 1), "expired"));
  }
  auto longer = answers;
  const std::string last = fmt::format("cs_test_m{}", recoveries_max - 1);
  answers.push_back(left.session(last, order_id, "expired"));
  REQUIRE(made(left.recovered(answers)));
  CHECK(left.value()->prompt == "a cat");
  CHECK(left.value()->continues == order_id);

  Left other;
  longer.push_back(other.session(last, "cs_test_further", "expired"));
  longer.push_back(other.session("cs_test_further", order_id, "expired"));
  REQUIRE(made(other.recovered(longer)));
  CHECK(other.value()->prompt == "");
}

TEST_CASE("continued: no answer about the order before decides nothing") {
  Left left;
  const PassEnd end =
      left.recovered({left.session(next, "cs_test_m1", "complete"), test::answer(500, "{}"),
                      test::answer(500, "{}"), test::answer(500, "{}")});
  REQUIRE(std::holds_alternative<Parked>(end));
  CHECK(std::get<Parked>(end).delay == left.world.context.policy.unclear_wait);
  CHECK_FALSE(left.world.run(left.world.store.orders->load(next)));
}

TEST_CASE("continued: of an order that is not known any more the reason is in the history") {
  Left left;
  REQUIRE(made(left.recovered({left.session(next, "cs_test_gone", "complete"),
                               left.session("cs_test_gone", "", "expired")})));
  CHECK(left.value()->prompt == "");
  CHECK(left.why() == "paid; it continues an expired checkout whose prompt is not kept any more");
  // Stripe does not know it either.
  REQUIRE(made(left.recovered({left.session("cs_test_third", "cs_test_gone", "complete"),
                               test::answer(404, R"({"error":{}})")},
                              "cs_test_third")));
  CHECK(left.value("cs_test_third")->prompt == "");
}

TEST_CASE("continued: a prompt that was too long to be kept is not made up") {
  Left left(std::string(unpaid_prompt_bytes_max + 1, 'x'));
  REQUIRE(made(left.recovered({left.session(next, order_id, "complete")})));
  CHECK(left.value()->prompt == "");
  CHECK_FALSE(left.value()->continues);
}

TEST_CASE("continued: an id that is none is not looked for") {
  Left left;
  REQUIRE(made(left.recovered({left.session(next, "../cs_test_x", "complete")})));
  CHECK(left.value()->prompt == "");
  CHECK(left.world.http.calls.size() == 1);
}

TEST_CASE("continued: a recovery that is not paid yet is waited for, and gets nothing") {
  Left left;
  const PassEnd end = left.recovered({left.session(next, order_id, "open")});
  REQUIRE(std::holds_alternative<Parked>(end));
  CHECK_FALSE(left.value());
  CHECK(std::holds_alternative<Removed>(left.recovered({left.session(next, order_id, "expired")})));
}

TEST_CASE("continued: without metadata it is ours when it continues an order of ours") {
  Left left;
  const auto unnamed = [&left](const std::string& from) {
    HttpResponse answer = left.session(next, from, "complete");
    const std::string name = "veo3-generator";
    return answer.body.replace(answer.body.find(name), name.size(), "other"), answer;
  };
  CHECK(std::holds_alternative<Removed>(left.recovered(
      {unnamed("cs_test_foreign"), left.session("cs_test_foreign", "", "expired")})));
  CHECK_FALSE(left.value());
  REQUIRE(made(left.recovered({unnamed(order_id)})));
  CHECK(left.value()->prompt == "a cat");
}

}  // namespace
}  // namespace claimcheck
