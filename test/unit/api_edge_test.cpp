// Small pieces of the edge: rate limit, status answer, session patch, visit moments, view texts.
#include "api/rate_limit.hpp"
#include "api/session_patch.hpp"
#include "api/status_answer.hpp"
#include "domain/view.hpp"
#include "flow/payment.hpp"
#include "store/codec.hpp"
#include "support/order_world.hpp"

#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <set>
#include <string>

namespace claimcheck {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("a client gets its burst, then what comes back, apart from other clients") {
  RateLimit limit({.burst = 3, .per_second = 0.5});
  for (int i = 0; i < 3; ++i) CHECK(limit.take("a", 1, seconds(0)) == Duration(0));
  CHECK(limit.take("a", 1, seconds(0)) == seconds(2));
  CHECK(limit.take("b", 1, seconds(0)) == Duration(0));
  CHECK(limit.take("a", 1, seconds(2)) == Duration(0));
  CHECK(limit.take("a", 1, seconds(2)) == seconds(2));
}

TEST_CASE("one request larger than the burst passes a full bucket and empties it") {
  RateLimit limit({.burst = 10, .per_second = 1});
  CHECK(limit.take("a", 100, seconds(0)) == Duration(0));
  CHECK(limit.take("a", 1, seconds(0)) == seconds(1));
}

TEST_CASE("the table of clients is bounded") {
  RateLimit limit({.burst = 1, .per_second = 0.001, .clients_max = 100});
  for (int i = 0; i < 1000; ++i) limit.take(std::to_string(i), 1, seconds(0));
  CHECK(limit.take("0", 1, seconds(0)) == Duration(0));  // forgotten, not grown
}

TEST_CASE("a client who has all of its tokens back is forgotten long before the table is full") {
  RateLimit limit({.burst = 10, .per_second = 1});
  for (int i = 0; i < 20'000; ++i) limit.take(std::to_string(i), 1, seconds(i));
  CHECK(limit.clients() <= SweepMark::least);
}

TEST_CASE("a client who still owes tokens is not forgotten when others are") {
  RateLimit limit({.burst = 10, .per_second = 0.001});
  limit.take("a", 10, seconds(0));
  for (int i = 0; i < 5'000; ++i) limit.take(std::to_string(i), 0, seconds(1));
  CHECK(limit.clients() <= SweepMark::least + 1);
  CHECK(limit.take("a", 1, seconds(1)) > Duration(0));
}

std::string answer_of(const SessionData& session, const Expectation& expected = {}) {
  return status_answer(order_status_of(session, json_text(session.prompt)), expected);
}

TEST_CASE("a kept answer is copied only to add something to it") {
  SessionData session;
  const auto order =
      std::make_shared<const OrderStatus>(order_status_of(session, json_text(session.prompt)));
  CHECK(shared_answer(order, {}).get() == &order->answer);
  const Expectation expected{.seconds = 90, .queue = {}};
  CHECK(*shared_answer(order, expected) == status_answer(*order, expected));
  CHECK(*shared_answer(order, expected) != order->answer);
  session.status = SessionStatus::completed;
  const auto ended =
      std::make_shared<const OrderStatus>(order_status_of(session, json_text(session.prompt)));
  CHECK(shared_answer(ended, expected).get() == &ended->answer);
}

TEST_CASE("the status answer has the original's members in the original's order") {
  SessionData session;
  session.prompt = "p";
  session.toolSlug = "slug";
  session.toolTitle = "Title";
  session.createdAt = "2026-11-23T09:15:00.123Z";
  CHECK(answer_of(session) ==
        R"({"status":"pending","toolSlug":"slug","toolTitle":"Title","prompt":"p",)"
        R"("timestamp":"2026-11-23T09:15:00.123Z","videoCount":1,"progress":0,"files":[],)"
        R"("resolution":""})");
  session.status = SessionStatus::processing;
  session.videoCount = 2;
  session.fileId = "f1";
  session.timestamp = "2026-11-23T09:16:00.000Z";
  session.message = "m";
  session.notice = "held";
  session.resolution = "720x1280";
  session.paid = SessionPaid{.amount = 1900, .currency = "usd"};
  session.recoveryUrl = "r";
  session.continues = "cs_test_old";
  session.locale = "ru";
  session.priceId = "price_1";
  session.files = {SessionFile{.fileId = "f1", .status = SessionStatus::completed, .url = "u"},
                   SessionFile{.status = SessionStatus::error, .error = "e"}};
  CHECK(answer_of(session) ==
        R"({"status":"processing","fileId":"f1","toolSlug":"slug","toolTitle":"Title",)"
        R"("prompt":"p","timestamp":"2026-11-23T09:15:00.123Z",)"
        R"("updatedAt":"2026-11-23T09:16:00.000Z","videoCount":2,"progress":50,"files":[)"
        R"({"fileId":"f1","status":"completed","url":"u","progress":100},)"
        R"({"status":"error","progress":0,"error":"e"}],)"
        R"("paid":{"amount":1900,"currency":"usd"},"message":"m","notice":"held",)"
        R"("resolution":"720x1280","recoveryUrl":"r","continues":"cs_test_old",)"
        R"("locale":"ru","priceId":"price_1"})");
  session.media = "image";
  CHECK(answer_of(session).ends_with(R"("priceId":"price_1","media":"image"})"));
}

TEST_CASE("the status answer tells the place in a line, and the time if it is known") {
  SessionData session;
  session.status = SessionStatus::processing;
  const QueuePlace known{.place = 12, .about_seconds = 340};
  const QueuePlace unknown{.place = 1, .about_seconds = {}};
  CHECK(answer_of(session, {.seconds = 90, .queue = known})
            .ends_with(R"(,"expectedSeconds":90,"queue":{"place":12,"aboutSeconds":340}})"));
  CHECK(
      answer_of(session, {.seconds = {}, .queue = unknown}).ends_with(R"(,"queue":{"place":1}})"));
  session.status = SessionStatus::completed;
  CHECK(answer_of(session, {.seconds = 90, .queue = unknown}) == answer_of(session));
}

TEST_CASE("the tag of a status differs when the answer does, and only then") {
  SessionData session;
  session.status = SessionStatus::processing;
  const QueuePlace first{.place = 1, .about_seconds = {}};
  const QueuePlace second{.place = 2, .about_seconds = {}};
  const QueuePlace soon{.place = 2, .about_seconds = 9};
  std::set<std::string> tags;
  std::set<std::string> answers;
  for (const SessionStatus status : {SessionStatus::processing, SessionStatus::completed}) {
    session.status = status;
    for (const Expectation& expected :
         {Expectation{}, Expectation{.seconds = 1, .queue = {}},
          Expectation{.seconds = {}, .queue = first}, Expectation{.seconds = 1, .queue = first},
          Expectation{.seconds = 1, .queue = second}, Expectation{.seconds = 1, .queue = soon}}) {
      tags.insert(status_tag(order_status_of(session, R"("")"), expected));
      answers.insert(answer_of(session, expected));
    }
  }
  CHECK(answers.size() == 7);
  CHECK(tags.size() == answers.size());
}

TEST_CASE("the status answer hands on half a surrogate pair as it is stored") {
  const auto read = decode_around_prompt(
      R"({"status":"pending","toolSlug":"s","prompt":"a\uD83d","timestamp":"T\udc00"})");
  REQUIRE(read);
  CHECK(order_status_of(read->session, read->prompt).answer ==
        R"({"status":"pending","toolSlug":"s","toolTitle":"","prompt":"a\uD83d","timestamp":"",)"
        R"("updatedAt":"T\udc00","videoCount":1,"progress":0,"files":[],"resolution":"1280x720"})");
}

TEST_CASE("a patch sets, removes, and is refused what is not the caller's") {
  const auto patch = read_session_patch(R"({"note":{"a":8.5},"customerEmail":null,"prompt":"x"})");
  REQUIRE(patch);
  REQUIRE(patch->changes.size() == 3);
  CHECK(*patch->changes[0].json == R"({"a":8.5})");
  CHECK_FALSE(patch->changes[1].json);
  CHECK(patch->changes_inputs);
  CHECK_FALSE(read_session_patch(R"({"note":1})")->changes_inputs);

  const auto status_of = [](const std::string& body) {
    return read_session_patch(body).error().status;
  };
  CHECK(status_of("[]") == 400);
  CHECK(status_of("x") == 400);
  for (const char* owned :
       {"status", "fileId", "error", "files", "message", "notice", "videoCount", "createdAt",
        "timestamp", "schema", "paid", "recoveryUrl", "continues", "priceId", "media"}) {
    CHECK(status_of(std::string("{\"") + owned + "\":1}") == 409);
  }
  CHECK(status_of(R"({"prompt":""})") == 422);
  CHECK(status_of(R"({"prompt":7})") == 422);
  CHECK(status_of(R"({"prompt":null})") == 422);
  CHECK(status_of(R"({"duration":"8"})") == 422);
}

TEST_CASE("visits count at 5 s, 30 s, 2 min, 10 min, then every 10 min") {
  CHECK(visit_slot(seconds(4)) == 0);
  CHECK(visit_slot(seconds(5)) == 1);
  CHECK(visit_slot(seconds(30)) == 2);
  CHECK(visit_slot(minutes(2)) == 3);
  CHECK(visit_slot(minutes(10)) == 4);
  CHECK(visit_slot(minutes(19)) == 4);
  CHECK(visit_slot(minutes(20)) == 5);
  CHECK(visit_slot(minutes(30)) == 6);
}

TEST_CASE("visits remember the orders of the last ten minutes, and still count once") {
  test::OrderWorld world;
  Visits visits(world.context);
  const auto visit = [&](const std::string& id, Time created) {
    boost::asio::co_spawn(world.run.io, visits.visit(id, created), boost::asio::detached);
    world.run.io.restart();
    world.run.io.poll();
  };
  for (int i = 0; i < 20'000; ++i) {
    world.run.clock.advance(seconds(1));
    visit(fmt::format("cs_test_{}", i), world.run.clock.now() - seconds(6));
  }
  CHECK(visits.remembered() <= 2 * 600);
  const std::string last = "cs_test_19999";
  const auto score = [&] { return world.run(world.store.queue->due_at(last)).value(); };
  const auto woken = score();
  visit(last, world.run.clock.now() - seconds(7));
  CHECK(score() == woken);
}

TEST_CASE("visits of thousands of delivered orders are each written once") {
  test::OrderWorld world;
  Visits visits(world.context);
  const auto visit_all = [&] {
    for (int i = 0; i < 5'000; ++i) {
      boost::asio::co_spawn(world.run.io, visits.visit_delivered(fmt::format("cs_test_{}", i)),
                            boost::asio::detached);
    }
    world.run.io.restart();
    world.run.io.poll();
  };
  const auto opened = [&](const std::string& id) {
    return world.run(world.store.orders->opened(id)).has_value();
  };
  visit_all();
  CHECK(opened("cs_test_0"));
  // What was written is over then, and only a second write would bring it back.
  world.run.clock.advance(std::chrono::days(500));
  visit_all();
  CHECK_FALSE(opened("cs_test_0"));
  CHECK_FALSE(opened("cs_test_4999"));
}

Claim claim_in(OrderState state, std::vector<UnitState> units) {
  Claim claim;
  claim.state = state;
  claim.reason = "an internal reason";
  claim.amount_minor = 1900;
  claim.currency = "usd";
  for (const UnitState unit : units) {
    claim.units.push_back({.state = unit, .job = "j", .url = "u", .reason = "internal"});
  }
  return claim;
}

TEST_CASE("what the customer sees of each state, without internal reasons") {
  CHECK(view_of(claim_in(OrderState::open, {})).status == SessionStatus::pending);
  const View expired = view_of(claim_in(OrderState::expired, {}));
  CHECK(expired.status == SessionStatus::error);
  CHECK(expired.drop_prompt);
  CHECK(expired.error->find("Nothing was charged") != std::string::npos);
  const View done =
      view_of(claim_in(OrderState::done, {UnitState::delivered, UnitState::delivered}));
  CHECK(done.status == SessionStatus::completed);
  CHECK(done.file_id == "j");
  CHECK(done.files[1].url == "u");
  CHECK_FALSE(done.message);
  const View held = view_of(claim_in(OrderState::held, {UnitState::delivered, UnitState::held}));
  CHECK(held.status == SessionStatus::processing);
  CHECK(held.message->find("1 of 2") != std::string::npos);
  CHECK(held.message->find("internal") == std::string::npos);
  CHECK(held.files[0].status == SessionStatus::completed);
  CHECK(held.files[1].error->find("internal") == std::string::npos);
  const View half =
      view_of(claim_in(OrderState::done, {UnitState::delivered, UnitState::refunded}));
  CHECK(half.status == SessionStatus::completed);
  CHECK(half.refund == SessionRefund{SessionRefundStatus::refunded, 950, "usd"});
  const View none = view_of(claim_in(OrderState::done, {UnitState::refunded, UnitState::refunded}));
  CHECK(none.status == SessionStatus::error);
  CHECK(none.error == "Your videos could not be made. Your payment was refunded.");
  CHECK(none.refund->amount == 1900);
  CHECK_FALSE(none.paid);  // never seen paid, so nothing is said
  Claim free = claim_in(OrderState::paid, {UnitState::ready});
  free.paid_us = 1;
  CHECK(view_of(free).paid == SessionPaid{.amount = 1900, .currency = "usd"});
  free.amount_minor = 0;
  CHECK_FALSE(view_of(free).paid);
  const View under_way =
      view_of(claim_in(OrderState::paid, {UnitState::refunding, UnitState::failed}));
  CHECK(under_way.status == SessionStatus::processing);
  CHECK(under_way.refund == SessionRefund{SessionRefundStatus::pending, 950, "usd"});
  CHECK_FALSE(view_of(claim_in(OrderState::paid, {UnitState::ready})).files[0].url);
  Claim eager = claim_in(OrderState::paid, {UnitState::ready});
  eager.units[0].shown_before_register = true;
  CHECK(view_of(eager).files[0].url == "u");
  Claim delayed = claim_in(OrderState::open, {});
  delayed.delayed = true;
  CHECK(view_of(delayed).message);
}

TEST_CASE("each text for the customer has its word, and nothing else has one") {
  using enum UnitState;
  using Notice = SessionNotice;
  struct Row {
    Claim claim;
    std::optional<Notice> notice;
  };
  Claim delayed = claim_in(OrderState::open, {});
  delayed.delayed = true;
  const std::vector<Row> rows = {
      {claim_in(OrderState::open, {}), std::nullopt},
      {delayed, Notice::payment_delayed},
      {claim_in(OrderState::expired, {}), Notice::expired},
      {claim_in(OrderState::unpaid, {}), Notice::payment_failed},
      {claim_in(OrderState::paid, {running, delivered}), std::nullopt},
      {claim_in(OrderState::paid, {running, failed}), Notice::refund_under_way},
      {claim_in(OrderState::paid, {refunding, delivered}), Notice::refund_under_way},
      {claim_in(OrderState::paid, {refunding, held}), Notice::held},
      {claim_in(OrderState::held, {running}), Notice::held},
      {claim_in(OrderState::held, {failed}), Notice::held},
      {claim_in(OrderState::done, {delivered, delivered}), std::nullopt},
      {claim_in(OrderState::done, {delivered, refunded}), std::nullopt},
      {claim_in(OrderState::done, {refunded, refunded}), Notice::not_made},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    const View view = view_of(rows[i].claim);
    CHECK(view.notice == rows[i].notice);
    CHECK(view.notice.has_value() == (view.message.has_value() || view.error.has_value()));
  }
}

}  // namespace
}  // namespace claimcheck
