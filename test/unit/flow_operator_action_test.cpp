// What a person decides, carried out on the memory store: what is stored, what the history says,
// and that the order is due for a worker afterwards.
#include "domain/names.hpp"
#include "flow/operator_action.hpp"
#include "flow/order_pass.hpp"
#include "store/codec.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::OrderWorld;
const std::string id = "cs_test_order";

struct Order {
  OrderWorld world;

  Order() {
    Checkout checkout(world.context, {.urls = {.success = "https://s", .cancel = "https://c"}});
    world.http.answers = {world.session(id, "open", "unpaid")};
    REQUIRE(world.run(checkout.create(world.order("a cat"), "")));
    world.http.calls.clear();
    (void)take();
  }
  // Held, since refunds are a person's here.
  void fail() {
    world.context.policy.refunds_automatic = false;
    world.http.answers = {world.session(id, "complete", "paid"),
                          {HttpResponse{.status = 422, .body = R"({"detail":"no"})"}}};
    OrderPass pass(world.context, id, claim());
    world.run(pass.run());
    REQUIRE(claim().state == OrderState::held);
    world.http.calls.clear();
  }
  Claim claim() { return world.run(world.store.orders->load(id)).value(); }
  std::string session() { return world.run(world.store.sessions->read_session(id))->bytes; }
  std::vector<HistoryLine> history() { return world.run(world.store.orders->history(id)).value(); }
  auto act(OperatorWords words) {
    auto action = read_action(std::move(words));
    REQUIRE(action);
    return world.run(carry_out(world.context, id, *action));
  }
  // What a worker would find due now; it is removed.
  std::size_t take() {
    auto due = world.run(world.store.queue->take(9, std::chrono::seconds(1))).value();
    for (const Due& one : due) world.run(world.store.queue->settle(one, std::nullopt));
    return due.size();
  }
};

TEST_CASE("a decision is stored with who and why, and the order is due at once") {
  Order order;
  order.fail();
  const auto done = order.act({.action = "refund", .note = "asked for by the buyer"});
  REQUIRE(done);
  CHECK(done->claim == order.claim());
  CHECK(done->claim.state == OrderState::paid);
  CHECK(order.history().back().why == "operator: refund video 1: asked for by the buyer");
  CHECK(order.history().back().from == "order held, video 1 held");
  CHECK(order.history().back().to == "order paid, video 1 failed");
  CHECK(order.take() == 1);
  CHECK(order.world.http.calls.empty());  // the worker's business
}

TEST_CASE("a worker goes on with what was decided") {
  Order order;
  order.fail();
  REQUIRE(order.act({.action = "refund"}));
  const auto text = [](const std::string& body) {
    return HttpResponse{.status = 200, .body = body};
  };
  order.world.http.answers = {
      order.world.session(id, "complete", "paid"),
      text(R"({"id":"ch_1","metadata":{"claimcheck_u0":"refund"}})"),
      order.world.session(id, "complete", "paid"),
      text(R"({"object":"list","has_more":false,"data":[]})"),
      text(R"({"id":"re_1","amount":1900,"status":"succeeded","metadata":{"claimcheck":")" + id +
           R"(/0"}})")};
  OrderPass pass(order.world.context, id, order.claim());
  CHECK(std::holds_alternative<Removed>(order.world.run(pass.run())));
  CHECK(order.claim().state == OrderState::done);
  CHECK(order.claim().units[0].state == UnitState::refunded);
}

TEST_CASE("held once more after a retry is told once more") {
  Order order;
  order.world.context.channels = {Channel::webhook};
  for (const char* told : {"held.1", "held.2"}) {
    if (order.claim().state == OrderState::held) REQUIRE(order.act({.action = "retry"}));
    HttpResponse other_amount = order.world.session(id, "complete", "paid");
    other_amount.body.replace(other_amount.body.find("1900"), 4, "1");
    order.world.http.answers = {other_amount};
    OrderPass pass(order.world.context, id, order.claim());
    order.world.run(pass.run());
    CHECK(order.claim().state == OrderState::held);
    CHECK(order.claim().notified == told);
  }
  CHECK(order.world.run(order.world.store.outbox->messages(MessageState::waiting, 9))->size() == 2);
}

TEST_CASE("what is declined changes nothing and wakes nobody") {
  Order order;
  const Claim before = order.claim();
  for (const char* action : {"retry", "resubmit", "refund", "erase"}) {
    const auto done = order.act({.action = action});
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == RefusalKind::conflict);
  }
  CHECK(order.act({.action = "refund", .unit = 4}).error().kind == RefusalKind::conflict);
  CHECK(order.claim() == before);
  CHECK(order.take() == 0);
  order.fail();
  CHECK(order.act({.action = "refund", .unit = 4}).error().param == "unit");
}

TEST_CASE("a look only wakes") {
  Order order;
  const Claim before = order.claim();
  REQUIRE(order.act({.action = "look"}));
  CHECK(order.claim() == before);
  CHECK(order.take() == 1);
}

TEST_CASE("there must be such an order") {
  OrderWorld world;
  const auto done =
      world.run(carry_out(world.context, id, read_action({.action = "look"}).value()));
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == RefusalKind::unknown);
}

TEST_CASE("personal data is erased, what was ordered stays") {
  Order order;
  const std::string others = R"("name":"Jo","lone":"\ud83d","customerEmail":"jo@example.com",)"
                             R"("locale":"tr-CY",)";
  std::string bytes = order.session();
  bytes.insert(1, others);
  REQUIRE(order.world.run(order.world.store.sessions->write_session(id, std::nullopt, bytes)));
  order.world.http.answers = {order.world.session(id, "expired", "unpaid")};
  OrderPass pass(order.world.context, id, order.claim());
  order.world.run(pass.run());
  REQUIRE(order.claim().state == OrderState::expired);
  const auto done = order.act({.action = "erase", .note = "article 17"});
  REQUIRE(done);
  CHECK(order.history().back().why == "operator: erase: article 17");
  const std::string left = order.session();
  for (const char* gone : {"Jo", "jo@", "lone", "a cat", "tr-CY"}) CHECK_FALSE(left.contains(gone));
  const SessionData session = decode_session(left).value();
  CHECK(session.prompt.empty());
  CHECK(session.status == SessionStatus::error);
  CHECK(session.toolSlug == Tool().slug);
  REQUIRE(order.act({.action = "erase"}));  // and once more
}

TEST_CASE("a person's words are read, or the wrong one is named") {
  const auto param = [](OperatorWords words) {
    const auto action = read_action(std::move(words));
    return action ? "" : action.error().param;
  };
  CHECK(param({.action = "refuse"}) == "action");
  CHECK(param({.action = ""}) == "action");
  CHECK(param({.action = "refund", .unit = -1}) == "unit");
  CHECK(param({.action = "refund", .unit = 0, .all = true}) == "unit");
  CHECK(param({.action = "look", .unit = 0}) == "unit");
  CHECK(param({.action = "resubmit", .all = true}) == "all");
  CHECK(param({.action = "refund", .url = "https://x/1"}) == "url");
  for (const char* url :
       {"", "http://x/1.mp4", "https://", "https:///1", "https://u:p@x/1", "https://x/ 1",
        "https://x/\"1", "https://x/\n", "https://x/\u00e9", "javascript:x", "https://:1/"}) {
    CHECK_MESSAGE(param({.action = "deliver", .url = url}) == "url", url);
  }
  CHECK(param({.action = "deliver", .url = "https://x/1.mp4?a=b@c#d"}) == "");
  const std::string longest = "https://x/" + std::string(video_url_bytes_max - 10, 'a');
  CHECK(param({.action = "deliver", .url = longest}) == "");
  CHECK(param({.action = "deliver", .url = longest + "a"}) == "url");
  CHECK(param({.action = "look", .note = std::string(note_bytes_max, 'a')}) == "");
  CHECK(param({.action = "look", .note = std::string(note_bytes_max + 1, 'a')}) == "note");
  for (const char* note : {"a\nb", "a\rb", "\x1b[2J", "\x7f", "\xff", "a\u2028b", "\u0085"}) {
    CHECK_MESSAGE(param({.action = "look", .note = note}) == "note", note);
  }
  CHECK(param({.action = "look", .note = "Grüße, 猫"}) == "");
}

}  // namespace
}  // namespace claimcheck
