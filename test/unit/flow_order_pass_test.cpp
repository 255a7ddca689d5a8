// One order's passes without a network: what is stored before each call, and what a pass does when
// the store, Stripe, the generator or another writer gets in its way.
#include "domain/names.hpp"
#include "support/order_passes.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using namespace test;

TEST_CASE("a paid order of two: submitted once each, polled, delivered, shown") {
  Order order(2);
  CHECK(order.parked({order.paid(), job("job-0"), job("job-1")}) == Policy().poll_min);
  CHECK(order.claim().state == OrderState::paid);
  CHECK(order.shown().status == SessionStatus::processing);
  CHECK(order.shown().fileId == "job-0");
  REQUIRE(order.world.http.calls.size() == 3);
  CHECK(order.world.http.calls[1].body.find(R"("prompt":"a cat")") != std::string::npos);

  order.world.run.clock.advance(std::chrono::seconds(1));
  order.world.http.calls.clear();
  const PassEnd end = order.pass({video("job-0"), there(), video("job-1"), there(), order.paid(),
                                  registered(0, "deliver"), registered(1, "deliver")});
  CHECK(std::holds_alternative<Removed>(end));
  REQUIRE(order.world.http.calls.size() == 7);  // one look at the payment serves both writes
  CHECK(order.world.http.calls[5].url == "https://stripe/v1/charges/ch_1");
  CHECK(order.world.http.calls[5].body == "metadata[claimcheck_u0]=deliver");
  CHECK(*find_header(order.world.http.calls[5].headers, "idempotency-key") ==
        "cc-outcome:" + order_id + ":0:0");
  CHECK(order.claim().state == OrderState::done);
  CHECK(order.shown().status == SessionStatus::completed);
  REQUIRE(order.shown().files);
  CHECK(order.shown().files->at(1).url == "https://v/job-1.mp4");
  CHECK(order.world.run(order.world.store.orders->history(order_id))->size() == 11);
}

TEST_CASE("the jobs of one order are asked about at the same time") {
  Order order(3);
  order.parked({order.paid(), job("job-0"), job("job-1"), job("job-2")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.world.http.calls.clear();
  // Nobody is answered before all three have been asked.
  std::size_t asked_then = 0;
  for (std::size_t call = 1; call <= 3; ++call) {
    order.world.http.meanwhile[call] = [&]() -> boost::asio::awaitable<void> {
      co_await order.world.run.clock.sleep(std::chrono::milliseconds(100));
      if (asked_then == 0) asked_then = order.world.http.calls.size();
    };
  }
  const HttpResponse busy = answer(200, R"({"id":"job-1","url":null})");
  order.pass({video("job-0"), busy, busy, there(), order.paid(), registered(0, "deliver")});
  CHECK(asked_then == 3);
  CHECK(order.world.http.calls.size() == 6);  // what was seen of the others is not asked for again
  CHECK(order.claim().units[0].state == UnitState::delivered);
  CHECK(order.claim().units[1].state == UnitState::running);
  CHECK(order.claim().units[2].state == UnitState::running);
}

TEST_CASE("what was seen of another job is not used when it is old") {
  Order order(2);
  order.parked({order.paid(), job("job-0"), job("job-1")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.world.http.calls.clear();
  order.world.http.meanwhile[5] = [&] {
    return order.world.run.clock.sleep(std::chrono::milliseconds(1100));
  };
  const HttpResponse busy = answer(200, R"({"id":"job-1","url":null})");
  order.pass({video("job-0"), there(), busy, order.paid(), registered(0, "deliver"), video("job-1"),
              there(), registered(1, "deliver")});
  CHECK(order.world.http.calls.size() == 8);
  CHECK(order.claim().state == OrderState::done);
}

TEST_CASE("what a person sends back of a delivered order is noted, however slow Stripe is") {
  Order order;
  order.parked({order.paid(), job("job-0")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.pass({video("job-0"), there(), order.paid(), registered(0, "deliver")});
  REQUIRE(order.claim().state == OrderState::done);
  order.world.http.calls.clear();
  order.world.http.meanwhile[1] = [&order]() -> boost::asio::awaitable<void> {
    order.world.run.clock.advance(std::chrono::seconds(11));
    co_return;
  };
  HttpResponse less = order.paid();
  const std::string charge = order.world.charge();
  less.body.replace(less.body.find(charge), charge.size(), order.world.charge("{}", 50));
  const std::string refund = R"({"id":"re_9","amount":50,"status":"succeeded","metadata":{}})";
  CHECK(std::holds_alternative<Removed>(order.pass({less, less, refund_list(refund)})));
  CHECK(order.claim().refunded_elsewhere_minor == 50);
  CHECK(order.claim().state == OrderState::done);
}

TEST_CASE("D7: a video whose address has none is not ready") {
  Order order;
  order.parked({order.paid(), job("job-0")});
  for (const HttpResponse& none : {answer(404, "no"), answer(200, "")}) {
    order.world.run.clock.advance(std::chrono::seconds(5));
    order.world.http.calls.clear();
    order.parked({video("job-0"), none});
    CHECK(order.world.http.calls[1].url == "https://v/job-0.mp4");
    CHECK(order.world.http.calls[1].public_only);
    CHECK(find_header(order.world.http.calls[1].headers, "authorization") == nullptr);
    CHECK(order.claim().units[0].state == UnitState::running);
  }
}

TEST_CASE("an order that is not paid makes nothing") {
  Order order;
  order.parked({order.world.session(order_id, "open", "unpaid")});
  CHECK(order.world.http.calls.size() == 1);
  CHECK(order.claim().state == OrderState::open);
}

TEST_CASE("an expired order is closed; its prompt is kept, unless it is long") {
  for (const bool too_long : {false, true}) {
    CAPTURE(too_long);
    const std::string prompt(unpaid_prompt_bytes_max + (too_long ? 1 : 0), 'x');
    Order order(1, prompt);
    CHECK(std::holds_alternative<Removed>(
        order.pass({order.world.session(order_id, "expired", "unpaid")})));
    CHECK(order.shown().status == SessionStatus::error);
    CHECK(order.shown().prompt == (too_long ? "" : prompt));
    CHECK(order.world.run(order.world.store.checkouts->unpaid_bytes()).value() == 0);
  }
}

TEST_CASE("an expired order leads to a new checkout, where Stripe offers one") {
  const auto expired_with = [](const std::string& recovery) {
    Order order;
    HttpResponse expired = order.world.session(order_id, "expired", "unpaid");
    expired.body.insert(1, R"("after_expiration":{"recovery":)" + recovery + "},");
    CHECK(std::holds_alternative<Removed>(order.pass({expired})));
    return order.shown().recoveryUrl;
  };
  CHECK(expired_with(R"({"enabled":true,"url":"https://pay/r/1"})") == "https://pay/r/1");
  CHECK_FALSE(expired_with("null"));
}

TEST_CASE("what was paid is shown with the order") {
  Order order;
  CHECK_FALSE(order.shown().paid);
  order.parked({order.paid(), job("job-0")});
  CHECK(order.shown().paid == SessionPaid{.amount = 1900, .currency = "usd"});
}

TEST_CASE("a lost answer of the generator is looked up at once and adopted") {
  Order order;
  const std::int64_t seed = submit_seed(order_id, 0, 1);
  const HttpResponse list =
      answer(200, R"({"items":[{"id":"job-9","video_generation":{"prompt":"a cat","seed":)" +
                      std::to_string(seed) + R"(,"generation_config_name":"model"}}]})");
  order.parked({order.paid(), fail(Errc::ambiguous, "cut"), list});
  CHECK(order.claim().units[0].state == UnitState::running);
  CHECK(order.claim().units[0].job == "job-9");
}

TEST_CASE("D11 a generator that answers with another order's job is not believed") {
  Order order;
  REQUIRE(order.world.run(order.world.store.jobs->own_job("job-0", "cs_test_other/0")));
  order.pass({order.paid(), job("job-0")});
  CHECK(order.claim().units[0].state == UnitState::held);
  CHECK(order.claim().state == OrderState::held);
  CHECK(order.shown().status == SessionStatus::processing);
  CHECK(order.shown().message);
  CHECK_FALSE(order.shown().fileId);
}

TEST_CASE("a worker with an old claim writes nothing and calls nobody") {
  Order order;
  const Claim old = order.claim();
  order.parked({order.paid(), job("job-0")});
  const Claim now = order.claim();
  order.world.http.calls.clear();
  order.world.http.answers = {order.paid(), job("job-1")};
  OrderPass late(order.world.context, order_id, old);
  order.world.run(late.run());
  CHECK(order.claim() == now);
  CHECK(order.world.http.calls.size() == 1);  // it asked Stripe, and its first commit was refused
}

TEST_CASE("what another writer adds to the session value survives every step") {
  Order order;
  std::string noted = order.world.run(order.world.store.sessions->read_session(order_id))->bytes;
  noted.insert(noted.size() - 1, R"(, "note": [1.50, "\ud83d"])");
  REQUIRE(
      order.world.run(order.world.store.sessions->write_session(order_id, std::nullopt, noted)));
  order.parked({order.paid(), job("job-0")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.pass({video("job-0")});
  const auto after = order.world.run(order.world.store.sessions->read_session(order_id));
  CHECK(after->bytes.find(R"("note": [1.50, "\ud83d"])") != std::string::npos);
}

// An order of which Redis has forgotten that a further generator has it: only the session value, as
// given, still names the job.
std::string job_taken(const std::string& file, std::vector<Result<HttpResponse>> answers) {
  Order order;
  Generators several(order.world.http, order.world.metrics, order.world.run.clock,
                     {{.name = "superduperai", .url = "https://gen", .key = Secret("t")},
                      {.name = "replicate",
                       .kind = GeneratorKind::replicate,
                       .url = "https://rep",
                       .key = Secret("r8_t")}});
  Context context{order.world.store,   order.world.stripe,  several, order.world.run.clock,
                  order.world.metrics, order.world.catalog, Policy()};
  std::string noted = order.world.run(order.world.store.sessions->read_session(order_id))->bytes;
  noted.insert(noted.size() - 1, R"(,"fileId":")" + file + R"(")");
  REQUIRE(
      order.world.run(order.world.store.sessions->write_session(order_id, std::nullopt, noted)));
  order.world.http.answers = {order.paid()};
  for (auto& answer : answers) order.world.http.answers.push_back(std::move(answer));
  OrderPass one(context, order_id, order.claim());
  order.world.run(one.run());
  const Unit unit = order.claim().units[0];
  return unit.generator + " " + unit.job + " " + unit.handle;
}

TEST_CASE("a forgotten job of a further generator is asked for there, and taken over") {
  HttpResponse running;
  running.body = R"({"id":"abc","status":"processing"})";
  CHECK(job_taken("replicate-abc", {running}) == "replicate replicate-abc abc");
}

TEST_CASE("a forgotten job of which only a digest is left is made once more") {
  CHECK(job_taken("replicate-d_00112233445566778899aabbccddeeff", {job("job-0")}) ==
        "superduperai job-0 ");
}

TEST_CASE("a duration that is not for sale is held, not generated") {
  Order order;
  const auto stored = order.world.run(order.world.store.sessions->read_session(order_id));
  const auto longer = splice_session(stored->bytes, {{.name = "duration", .json = "60"}});
  REQUIRE(
      order.world.run(order.world.store.sessions->write_session(order_id, std::nullopt, *longer)));
  order.pass({order.paid()});
  CHECK(order.claim().state == OrderState::held);
  CHECK(order.world.http.calls.size() == 1);
}

TEST_CASE("Stripe away parks the order and changes nothing") {
  Order order;
  CHECK(order.parked({}) == Policy().unclear_wait);
  CHECK(order.claim().version == 1);
}

TEST_CASE("B23 an unreadable session value is left as it is") {
  Order order;
  REQUIRE(order.world.run(
      order.world.store.sessions->write_session(order_id, std::nullopt, "not json")));
  order.pass({order.paid()});
  CHECK(order.world.run(order.world.store.sessions->read_session(order_id))->bytes == "not json");
  CHECK(order.claim().units[0].reason.find("unreadable") != std::string::npos);
  CHECK(order.claim().state == OrderState::paid);  // it may come back; then its money goes back
}

TEST_CASE("a video that cannot be made is registered as refund, then refunded in full") {
  Order order;
  order.refused({registered(0, "refund"), order.paid(), refund_list(),
                 answer(200, refund_text("succeeded", order_id + "/0"))});
  const auto& calls = order.world.http.calls;
  REQUIRE(calls.size() == 6);
  CHECK(calls[2].body == "metadata[claimcheck_u0]=refund");
  CHECK(calls[4].url == "https://stripe/v1/refunds?payment_intent=pi_1&limit=100");
  CHECK(calls[5].body ==
        "payment_intent=pi_1&amount=1900&metadata[claimcheck]=" + order_id + "%2F0");
  CHECK(order.key_of(5) == "cc-refund:" + order_id + "/0:0");
  CHECK(order.claim().state == OrderState::done);
  CHECK(order.claim().units[0].refund == "re_1");
  CHECK(order.shown().status == SessionStatus::error);
  CHECK(order.shown().refund == SessionRefund{SessionRefundStatus::refunded, 1900, "usd"});
}

TEST_CASE("a refund whose answer was lost is found in the list, not made again") {
  Order order;
  order.refused({registered(0, "refund"), order.paid(), refund_list(), fail(Errc::ambiguous, "cut"),
                 fail(Errc::ambiguous, "cut"), fail(Errc::ambiguous, "cut")});
  CHECK(order.claim().units[0].state == UnitState::refunding);
  order.world.run.clock.advance(std::chrono::minutes(1));
  order.pass({order.paid(), refund_list(refund_text("succeeded", order_id + "/0"))});
  CHECK(order.claim().units[0].state == UnitState::refunded);
  CHECK(order.world.http.answers.empty());
}

TEST_CASE("another order's refund on the same payment is not ours") {
  Order order;
  order.refused({registered(0, "refund"), order.paid(),
                 refund_list(refund_text("failed", order_id + "x/0")),
                 answer(200, refund_text("pending", order_id + "/0"))});
  CHECK(order.claim().units[0].state == UnitState::refunding);
  CHECK(order.claim().units[0].refund == "re_1");
  CHECK(order.shown().refund->status == SessionRefundStatus::pending);
}

TEST_CASE("the register's first writer wins, whatever Redis thinks") {
  Order order;
  order.parked({order.paid(), job("job-0")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.world.http.calls.clear();
  // Somebody registered the refund first: the same key with our value is a mismatch.
  order.pass({video("job-0"), there(), order.paid(), mismatch(), registered(0, "refund"),
              order.paid(), refund_list(), answer(200, refund_text("succeeded", order_id + "/0"))});
  CHECK(order.world.http.calls[3].body == "metadata[claimcheck_u0]=deliver");
  CHECK(order.world.http.calls[4].body == "metadata[claimcheck_u0]=refund");
  CHECK(order.key_of(3) == order.key_of(4));
  CHECK(order.claim().units[0].state == UnitState::refunded);
  CHECK_FALSE(order.shown().files->at(0).url);
}

TEST_CASE("a stored failure of the register is read back, then written under a second key") {
  Order order;
  order.parked({order.paid(), job("job-0")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.world.http.calls.clear();
  order.pass({video("job-0"), there(), order.paid(), stored_failure(), order.paid(),
              registered(0, "deliver")});
  CHECK(order.key_of(3) == "cc-outcome:" + order_id + ":0:0");
  CHECK(order.key_of(5) == "cc-outcome:" + order_id + ":0:1");
  CHECK(order.claim().state == OrderState::done);
}

TEST_CASE("Stripe away at the register: nothing is shown, nothing is lost") {
  Order order;
  order.parked({order.paid(), job("job-0")});
  order.world.run.clock.advance(std::chrono::seconds(1));
  order.parked({video("job-0"), there(), order.paid()});
  CHECK(order.claim().units[0].state == UnitState::ready);
  CHECK_FALSE(order.shown().files->at(0).url);
  order.world.run.clock.advance(std::chrono::minutes(5));
  order.pass({order.paid(), registered(0, "deliver")});
  CHECK(order.shown().files->at(0).url);
}

TEST_CASE("an open breaker keeps the refund from the register") {
  Order order;
  for (int i = 0; i < 21; ++i) {
    const Money cent{.amount_minor = 1, .currency = "eur"};
    REQUIRE(order.world.run(
        order.world.store.refunds->allow_refund(fmt::format("cs_test_x/{}", i), cent)));
  }
  order.refused({});
  CHECK(order.world.http.calls.size() == 2);
  CHECK(order.claim().units[0].state == UnitState::failed);
  REQUIRE(order.world.run(order.world.store.refunds->release_refunds()));
  order.world.run.clock.advance(std::chrono::minutes(5));
  order.pass({order.paid(), registered(0, "refund"), order.paid(), refund_list(),
              answer(200, refund_text("succeeded", order_id + "/0"))});
  CHECK(order.claim().state == OrderState::done);
}

TEST_CASE("without a payment at Stripe no refunds are listed: those of all orders would come") {
  Order order;
  Commit change;
  change.session_id = order_id;
  change.claim = order.claim();
  change.claim.state = OrderState::paid;
  change.claim.paid_us = to_us(order.world.run.clock.now());
  change.claim.units[0].state = UnitState::refunding;
  REQUIRE(order.world.run(order.world.store.orders->commit(std::move(change))));
  order.pass({order.world.session(order_id, "complete", "no_payment_required"),
              order.world.session(order_id, "complete", "no_payment_required")});
  REQUIRE(order.world.http.calls.size() >= 2);
  for (const HttpCall& call : order.world.http.calls) {
    CHECK_FALSE(call.url.contains("/v1/refunds?"));
  }
}

}  // namespace
}  // namespace claimcheck
