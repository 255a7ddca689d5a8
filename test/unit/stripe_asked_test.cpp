// An answer about another object is not believed: every call, as far as its answer tells.
#include "base/json.hpp"
#include "generator/superduperai.hpp"
#include "stripe/asked.hpp"
#include "stripe/client.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck::stripe {
namespace {

struct World {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client{http, run.clock, metrics, {.url = "https://s", .key = Secret("sk_test_1")}};

  void answer(std::string body, HttpHeaders headers = {}) {
    http.answers = {HttpResponse{.headers = std::move(headers), .body = std::move(body)}};
  }
};

template <typename T>
bool is_about_another(const Result<T>& result) {
  return !result && result.error().code == Errc::ambiguous &&
         result.error().message.contains("another");
}

TEST_CASE("a session: of another id, kind or mode, or with another payment's charge") {
  World world;
  const auto read = [&world](std::string members) {
    world.answer(R"({"object":"checkout.session",)" + members + "}");
    return world.run(world.client.retrieve_checkout("cs_test_a", Expand::payment));
  };
  CHECK(read(R"("id":"cs_test_a","livemode":false)"));
  CHECK(is_about_another(read(R"("id":"cs_test_b","livemode":false)")));
  CHECK(is_about_another(read(R"("id":"cs_test_a","livemode":true)")));
  CHECK(is_about_another(read(R"("id":"cs_test_a","object":"payment_intent")")));
  const auto with_charge = [](std::string_view payment) {
    return R"("id":"cs_test_a","payment_intent":{"id":"pi_a","latest_charge":)"
           R"({"id":"ch_a","payment_intent":")" +
           std::string(payment) + "\"}}";
  };
  CHECK(read(with_charge("pi_a")));
  CHECK(is_about_another(read(with_charge("pi_b"))));
}

TEST_CASE("a list of sessions: with one of another kind, mode or payment's charge") {
  World world;
  const auto list = [&world](std::string members) {
    world.answer(R"({"data":[{"id":"cs_test_a","object":"checkout.session","livemode":false},)"
                 R"({"id":"cs_test_b",)" +
                 members + "}]}");
    return world.run(world.client.checkouts_between(from_unix_s(1), from_unix_s(2), ""));
  };
  CHECK(list(R"("object":"checkout.session","livemode":false)"));
  CHECK(is_about_another(list(R"("object":"checkout.session","livemode":true)")));
  CHECK(is_about_another(list(R"("object":"payment_intent","livemode":false)")));
  CHECK(is_about_another(list(R"("payment_intent":{"id":"pi_a","latest_charge":{"id":"ch_a",)"
                              R"("payment_intent":"pi_b"}})")));
}

TEST_CASE("a POST: of another key") {
  World world;
  const std::string session = R"({"id":"cs_test_a","object":"checkout.session"})";
  world.answer(session, {{"idempotency-key", "mine"}});
  CHECK(world.run(world.client.create_checkout({.price = "p"}, "mine")));
  world.answer(session, {{"idempotency-key", "another's"}});
  CHECK(is_about_another(world.run(world.client.create_checkout({.price = "p"}, "mine"))));
  world.answer(R"({"id":"cs_test_b","object":"checkout.session"})");
  CHECK(is_about_another(world.run(world.client.expire_checkout("cs_test_a", "mine"))));
}

TEST_CASE("the register: of another charge") {
  World world;
  const auto write = [&world](std::string_view charge) {
    world.answer(R"({"object":"charge","metadata":{"claimcheck_u0":"refund"},"id":")" +
                 std::string(charge) + "\"}");
    return world.run(world.client.register_outcome("ch_a", 0, Outcome::refund, "key"));
  };
  CHECK(write("ch_a") == Outcome::refund);
  CHECK(is_about_another(write("ch_b")));
}

TEST_CASE("refunds: of another payment, sum or unit") {
  World world;
  const auto refund = [](std::string_view payment, int amount, std::string_view tag) {
    return fmt::format(R"({{"id":"re_1","object":"refund","status":"succeeded","amount":{},)"
                       R"("payment_intent":"{}","metadata":{{"claimcheck":"{}"}}}})",
                       amount, payment, tag);
  };
  const auto make = [&](const std::string& body) {
    world.answer(body);
    return world.run(world.client.refund(
        {.payment_intent = "pi_a", .amount_minor = 100, .tag = "cs_test_a/0"}, "key"));
  };
  CHECK(make(refund("pi_a", 100, "cs_test_a/0")));
  CHECK(is_about_another(make(refund("pi_b", 100, "cs_test_a/0"))));
  CHECK(is_about_another(make(refund("pi_a", 99, "cs_test_a/0"))));
  CHECK(is_about_another(make(refund("pi_a", 100, "cs_test_b/0"))));
  const auto list = [&](const std::string& element) {
    world.answer(R"({"object":"list","data":[)" + element + "]}");
    return world.run(world.client.list_refunds("pi_a"));
  };
  CHECK(list(refund("pi_a", 100, "x")));
  CHECK(is_about_another(list(refund("pi_b", 100, "x"))));
}

TEST_CASE("disputes: of another payment, or refused") {
  World world;
  const auto list = [&](std::string_view payment) {
    world.answer(fmt::format(
        R"({{"object":"list","data":[{{"id":"du_1","object":"dispute","status":"needs_response",)"
        R"("reason":"fraudulent","amount":1900,"currency":"usd","created":1790000000,)"
        R"("evidence_details":{{"due_by":1790864000}},"payment_intent":"{}"}}]}})",
        payment));
    return world.run(world.client.list_disputes("pi_a"));
  };
  const auto disputes = list("pi_a");
  REQUIRE(disputes);
  REQUIRE(disputes->size() == 1);
  CHECK(disputes->front() == Dispute{.id = "du_1",
                                     .status = "needs_response",
                                     .reason = "fraudulent",
                                     .amount_minor = 1900,
                                     .currency = "usd",
                                     .created_us = 1'790'000'000'000'000,
                                     .due_us = 1'790'864'000'000'000});
  CHECK(is_about_another(list("pi_b")));
  HttpResponse refused;
  refused.status = 403;
  world.http.answers.emplace_back(refused);
  CHECK(world.run(world.client.list_disputes("pi_a")).error().code == Errc::forbidden);
}

TEST_CASE("the session of a payment: of another payment") {
  World world;
  world.answer(R"({"data":[{"id":"cs_test_b","payment_intent":"pi_b"}]})");
  CHECK(is_about_another(world.run(world.client.session_of("pi_a"))));
  world.answer(R"({"data":[{"id":"cs_test_a","payment_intent":"pi_a"}]})");
  CHECK(world.run(world.client.session_of("pi_a")) == "cs_test_a");
}

TEST_CASE("the generator: of another job, or another submit") {
  World world;
  superduperai::Client generator(world.http, world.metrics, {.url = "https://g"});
  const std::string file =
      R"({"id":"job-a","url":"https://v/1.mp4","video_generation":{"seed":7}})";
  const auto poll = [&](std::string job, std::int64_t seed) {
    world.answer(file);
    return world.run(generator.poll({.job = std::move(job), .seed = seed})).result;
  };
  CHECK(poll("job-a", 7) == PollResult::ready);
  CHECK(poll("job-a", 0) == PollResult::ready);  // of another program's submit
  CHECK(poll("job-b", 7) == PollResult::unclear);
  CHECK(poll("job-a", 8) == PollResult::unclear);
  world.answer(file);
  CHECK(world.run(generator.submit({.seed = 8})).result == SubmitResult::unclear);
  world.answer(file);
  CHECK(world.run(generator.submit({.seed = 7})).result == SubmitResult::accepted);
}

}  // namespace
}  // namespace claimcheck::stripe
