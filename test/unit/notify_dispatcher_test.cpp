// What is told of an order on its way to the shop: put into the outbox by the pass, dispatched by
// the dispatcher, tried on the schedule, given up, and never in the way of an order.
#include "base/crypto.hpp"
#include "base/standard_signature.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"
#include "flow/fulfilment.hpp"
#include "flow/order_notifications.hpp"
#include "notify/shop_webhook.hpp"
#include "store/codec.hpp"
#include "support/data.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

#include <set>

namespace claimcheck {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::OrderWorld;

const std::string id = "cs_test_order";
const Notification delivered{.kind = NotificationKind::delivered, .ordinal = 1};

HttpResponse status(int code, HttpHeaders headers = {}) {
  return {.status = code, .headers = std::move(headers)};
}

struct Post {
  OrderWorld world;
  Tasks tasks{world.run.io.get_executor()};
  ShopWebhook shop{world.context,
                   world.http,
                   {.url = "https://shop/hook", .keys = {Secret("key one"), Secret("key two")}}};
  Dispatcher dispatcher{world.context,
                        tasks,
                        Channel::webhook,
                        [this](OutboxMessage message) { return shop.deliver(std::move(message)); },
                        {.idle_wait = seconds(2)}};

  Post() { world.context.channels = {Channel::webhook}; }

  Claim done_claim() {
    Claim claim;
    claim.state = OrderState::done;
    claim.paid_us = to_us(world.run.clock.now());
    claim.amount_minor = 1900;
    claim.currency = "usd";
    claim.units.resize(2);
    for (Unit& unit : claim.units) {
      unit.state = UnitState::delivered;
      unit.url = "https://v/1.mp4";
    }
    return claim;
  }
  void store(Claim claim) {
    NewOrder order;
    order.session_id = id;
    order.claim = std::move(claim);
    REQUIRE(world.run(world.store.orders->create(std::move(order))).value());
  }
  Claim claim() { return world.run(world.store.orders->load(id)).value(); }
  PassEnd tell(PassEnd end = Removed()) {
    const OrderInWork order(world.context, id, claim());
    return world.run(put_notifications(order, end));
  }
  // A whole, finished order, told of.
  void put() {
    store(done_claim());
    CHECK(std::holds_alternative<Removed>(tell()));
  }
  std::vector<OutboxMessage> waiting() {
    return world.run(world.store.outbox->messages(MessageState::waiting, 10)).value();
  }
  std::vector<OutboxMessage> dead() {
    return world.run(world.store.outbox->messages(MessageState::dead, 10)).value();
  }
  boost::asio::awaitable<bool> dispatched(Dispatcher& by, Duration length) {
    tasks.start(by.run());
    co_await world.run.clock.sleep(length);
    by.stop();
    co_return co_await tasks.drained(world.run.clock, minutes(10));
  }
  void dispatch(Dispatcher& by, Duration length) { REQUIRE(world.run(dispatched(by, length))); }
  void dispatch(Duration length) { dispatch(dispatcher, length); }
  std::string header(std::size_t call, const std::string& name) {
    return *find_header(world.http.calls.at(call).headers, name);
  }
};

TEST_CASE("what an order has become is put out once, and noted in its claim") {
  Post post;
  post.put();
  CHECK(post.claim().notified == "delivered.1");
  const std::vector<OutboxMessage> waiting = post.waiting();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].id == notification_id(id, delivered));
  CHECK(waiting[0].session == id);
  post.tell();
  CHECK(post.waiting().size() == 1);
  CHECK(post.claim().version == 2);
}

TEST_CASE("an order that failed and has its money back is one mail, and two posts to the shop") {
  for (const UnitState other : {UnitState::refunded, UnitState::delivered}) {
    Post post;
    post.world.context.channels = {Channel::webhook, Channel::mail};
    Claim claim = post.done_claim();
    claim.units[0].state = UnitState::refunded;
    claim.units[1].state = other;
    post.store(claim);
    post.tell();
    const std::string end = other == UnitState::delivered ? "delivered" : "failed";
    std::multiset<std::string> put;
    for (const OutboxMessage& message : post.waiting()) {
      put.insert(std::string(name_of(message.channel)) + " " + message.news);
    }
    CHECK(put == std::multiset<std::string>{"mail " + end, "webhook " + end, "webhook refunded"});
  }
}

TEST_CASE("a mail of the end that a crashed pass has put out keeps no refund from its buyer") {
  Post post;
  post.world.context.channels = {Channel::mail};
  Claim claim = post.done_claim();
  for (Unit& unit : claim.units) unit.state = UnitState::refunded;
  post.store(claim);
  OutboxMessage end{.id = notification_id(id, {.kind = NotificationKind::failed, .ordinal = 1}),
                    .channel = Channel::mail,
                    .session = id,
                    .news = "failed"};
  REQUIRE(post.world.run(post.world.store.outbox->put_message(end)).has_value());
  post.tell();
  CHECK(post.waiting().size() == 2);
}

TEST_CASE("nothing is put out, noted or asked of Redis when nobody wants to know") {
  Post post;
  post.world.context.channels = {};
  post.store(post.done_claim());
  post.tell();
  CHECK(post.waiting().empty());
  CHECK(post.claim().version == 1);
  CHECK(post.claim().notified == "");
}

TEST_CASE("an abandoned pass tells nothing; one that somebody overtook looks again") {
  Post post;
  post.store(post.done_claim());
  CHECK(std::holds_alternative<Abandoned>(post.tell(Abandoned())));
  CHECK(post.waiting().empty());
  const OrderInWork late(post.world.context, id, post.claim());
  post.tell();
  CHECK(std::holds_alternative<Parked>(post.world.run(put_notifications(late, Removed()))));
  CHECK(post.waiting().size() == 1);
}

TEST_CASE("the claim forgets, as after a failover: the same message, not another one") {
  Post post;
  post.put();
  post.world.http.answers = {status(200)};
  post.dispatch(seconds(10));
  Claim claim = post.claim();
  Commit back;
  back.session_id = id;
  back.claim = claim;
  back.claim.notified = "";
  REQUIRE(post.world.run(post.world.store.orders->commit(std::move(back))).has_value());
  post.tell();
  CHECK(post.claim().notified == "delivered.1");
  CHECK(post.waiting().empty());
  CHECK(post.world.http.calls.size() == 1);
}

TEST_CASE("a message is one signed POST about the order as it is now") {
  Post post;
  post.put();
  post.world.http.answers = {status(204)};
  post.dispatch(seconds(10));
  REQUIRE(post.world.http.calls.size() == 1);
  const HttpCall& call = post.world.http.calls[0];
  CHECK(call.method == "POST");
  CHECK(call.url == "https://shop/hook");
  CHECK(call.timeout == seconds(15));
  CHECK(call.cut_answer);
  CHECK(post.header(0, "webhook-id") == notification_id(id, delivered));
  const std::int64_t when = std::stoll(post.header(0, "webhook-timestamp"));
  CHECK(post.header(0, "webhook-signature") ==
        standard_signature(post.header(0, "webhook-id"), when, call.body,
                           {Secret("key one"), Secret("key two")}));
  const boost::json::value body = json::parse(call.body).value();
  CHECK(json::text_at(body, "type") == "order.delivered");
  const boost::json::value& data = *json::find(body, "data");
  CHECK(json::text_at(data, "sessionId") == id);
  CHECK(json::text_at(data, "status") == "completed");
  CHECK(json::integer_at(data, "deliveredCount") == 2);
  CHECK(post.waiting().empty());
}

TEST_CASE("a receiver that fails is tried on the schedule, under one id, and then given up") {
  Post post;
  post.put();
  const Time start = post.world.run.clock.now();
  std::vector<double> after_s;
  for (std::size_t call = 1; call <= 12; ++call) {
    post.world.http.answers.push_back(status(500));
    post.world.http.meanwhile[call] = [&]() -> boost::asio::awaitable<void> {
      const Duration gone = post.world.run.clock.now() - start;
      after_s.push_back(std::chrono::duration<double>(gone).count());
      co_return;
    };
  }
  post.dispatch(hours(100));
  REQUIRE(after_s.size() == attempts_max);
  const std::vector<double> waits = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    CHECK(after_s[i + 1] - after_s[i] >= waits[i]);
    CHECK(after_s[i + 1] - after_s[i] <= waits[i] * 1.1 + 4);
  }
  std::set<std::string> ids;
  for (std::size_t i = 0; i < 10; ++i) ids.insert(post.header(i, "webhook-id"));
  CHECK(ids.size() == 1);
  REQUIRE(post.dead().size() == 1);
  CHECK(post.dead()[0].attempts == attempts_max);
  CHECK(post.dead()[0].last_status == 500);
}

TEST_CASE("410 is the end at once; an order that is forgotten has nothing to tell") {
  Post post;
  post.put();
  post.world.http.answers = {status(410)};
  post.dispatch(hours(1));
  CHECK(post.world.http.calls.size() == 1);
  CHECK(post.dead().size() == 1);

  Post forgotten;
  REQUIRE(forgotten.world
              .run(forgotten.world.store.outbox->put_message({.id = "msg_x", .session = "cs_x"}))
              .has_value());
  forgotten.dispatch(hours(1));
  CHECK(forgotten.world.http.calls.empty());
  CHECK(forgotten.dead().size() == 1);
}

TEST_CASE("an order that cannot be read ends as dead; a store that is away is no attempt") {
  Delivery gone{.result = SendResult::rejected};
  CHECK(not_loaded({Errc::not_found, ""}, gone).result == SendResult::rejected);
  CHECK(not_loaded({Errc::unreadable, ""}, {}).result == SendResult::rejected);
  CHECK(not_loaded({Errc::unreadable, ""}, {}).why == "the order's data cannot be read");
  CHECK(not_loaded({Errc::unavailable, ""}, gone).result == SendResult::not_ready);
}

TEST_CASE("what is not ready is counted, and tried again when its lease is over") {
  Post post;
  post.put();
  int tries = 0;
  Dispatcher dispatcher(post.world.context, post.tasks, Channel::webhook,
                        [&tries](OutboxMessage) -> boost::asio::awaitable<Delivery> {
                          ++tries;
                          co_return Delivery{};
                        });
  post.dispatch(dispatcher, seconds(150));
  CHECK(tries == 3);
  CHECK(post.world.metrics.total(Counter::notifications, "webhook_unready") == 3);
  CHECK(post.waiting().at(0).attempts == 0);
}

TEST_CASE("a busy receiver is left alone for as long as it asks") {
  Post post;
  post.put();
  post.world.http.answers = {status(429, {{"retry-after", "3600"}}), status(200)};
  post.dispatch(minutes(59));
  CHECK(post.world.http.calls.size() == 1);
  CHECK(post.waiting().size() == 1);
}

TEST_CASE("what a receiver asks for: seconds or a date, within bounds") {
  const Time now = from_unix_s(1'790'000'000);
  const auto asked = [now](const std::string& text) {
    return asked_wait({{"retry-after", text}}, now);
  };
  CHECK(asked("120") == minutes(2));
  CHECK(asked("99999999") == hours(24));
  CHECK(asked("-5") == Duration(0));
  CHECK(asked("soon") == Duration(0));
  CHECK(asked(to_http_date(now + minutes(3))) == minutes(3));
  CHECK(asked(to_http_date(now - minutes(3))) == Duration(0));
  CHECK(asked_wait({}, now) == Duration(0));
}

TEST_CASE("a receiver that is down is not called by every message") {
  Post post;
  for (int i = 0; i < 50; ++i) {
    OutboxMessage message;
    message.id = fmt::format("msg_{}", i);
    message.session = id;
    message.news = "delivered";
    REQUIRE(post.world.run(post.world.store.outbox->put_message(message)).has_value());
  }
  post.store(post.done_claim());
  post.dispatch(minutes(5));
  CHECK(post.world.http.calls.size() <= 20);  // 8 at once, then one by one with longer pauses
  CHECK(post.world.http.calls.size() >= 9);
}

TEST_CASE("a refusal of one message does not slow the others") {
  Post post;
  post.store(post.done_claim());
  for (int i = 0; i < 30; ++i) {
    OutboxMessage message{.id = fmt::format("msg_{}", i), .session = id, .news = "delivered"};
    REQUIRE(post.world.run(post.world.store.outbox->put_message(message)).has_value());
    post.world.http.answers.push_back(status(422));
  }
  post.dispatch(seconds(4));
  CHECK(post.world.http.calls.size() == 30);
  CHECK(post.dead().empty());
}

TEST_CASE("a message with nobody to tell leaves the trial to the next one") {
  Post post;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(post.world.run(post.world.store.outbox->put_message({.id = fmt::format("msg_{}", i)}))
                .has_value());
  }
  std::vector<SendResult> answers = {SendResult::away, SendResult::skipped, SendResult::skipped,
                                     SendResult::skipped, SendResult::skipped};
  std::size_t next = 0;
  Dispatcher dispatcher(post.world.context, post.tasks, Channel::webhook,
                        [&](OutboxMessage) -> boost::asio::awaitable<Delivery> {
                          co_return Delivery{.result = answers.at(next++)};
                        },
                        {.at_once = 1});
  post.dispatch(dispatcher, seconds(4));
  CHECK(next == 5);
}

TEST_CASE("the waits between attempts have a jitter, and an end") {
  CHECK_FALSE(next_attempt(0, "a"));
  CHECK_FALSE(next_attempt(attempts_max, "a"));
  CHECK(*next_attempt(attempts_max - 1, "a") >= hours(24));
  std::set<Duration> seen;
  for (const char* one : {"a", "b", "c", "d", "e", "f"}) seen.insert(*next_attempt(2, one));
  CHECK(seen.size() > 3);
  CHECK(next_attempt(2, "a") == next_attempt(2, "a"));
}

TEST_CASE("signatures are those of the official package") {
  const boost::json::value file = test::data_json("standard-webhooks-vectors.json");
  const boost::json::array& vectors = file.at("vectors").as_array();
  REQUIRE(vectors.size() == 9);
  for (const boost::json::value& one : vectors) {
    const std::string_view secret = json::text_at(one, "secret");
    const Secret key(from_base64(secret.substr(6)).value());
    CHECK(standard_signature(json::text_at(one, "id"), json::integer_at(one, "timestamp"),
                             json::text_at(one, "body"), {key}) == json::text_at(one, "signature"));
  }
}

TEST_CASE("the body holds what a shop needs and whose the order is, and no prompt") {
  Claim claim = Post().done_claim();
  claim.units[0].job = "file-0";
  claim.units[0].url = "https://v/\"0\".mp4";
  claim.units[1].state = UnitState::refunded;
  claim.prompt_sha256 = "secret-digest";
  OutboxMessage message;
  message.session = id;
  message.news = "delivered";
  message.first_us = 1'790'000'000'000'000;
  SessionData session;
  session.prompt = "a secret cat";
  session.customerEmail = "buyer@example.com";
  session.reference = "A-1";
  session.metadata = SessionMetadata{{"user", "7"}};
  const std::string body = webhook_body(message, claim, session);
  const boost::json::value read = json::parse(body).value();
  CHECK(json::text_at(read, "timestamp") == "2026-09-21T14:13:20.000Z");
  const boost::json::value& data = *json::find(read, "data");
  CHECK(json::integer_at(data, "videoCount") == 2);
  CHECK(json::integer_at(data, "refundedCount") == 1);
  CHECK(json::integer_at(*json::find(data, "refund"), "amount") == 950);
  CHECK(data.at("files").at(0).at("url").as_string() == "https://v/\"0\".mp4");
  CHECK(data.at("files").at(1).at("status").as_string() == "error");
  CHECK(body.find("secret-digest") == std::string::npos);
  CHECK(body.find("prompt") == std::string::npos);
  CHECK(body.find("secret cat") == std::string::npos);
  CHECK(json::text_at(data, "customerEmail") == "buyer@example.com");
  CHECK(json::text_at(data, "reference") == "A-1");
  CHECK(json::text_at(*json::find(data, "metadata"), "user") == "7");
  // The value of the order may be gone: the notification says less.
  const std::string less = webhook_body(message, claim, SessionData());
  CHECK(json::find(json::parse(less).value().at("data"), "customerEmail") == nullptr);
}

}  // namespace
}  // namespace claimcheck
