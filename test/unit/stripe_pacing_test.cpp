// The client and Stripe's limits: a turn before each call, and what a 429 is followed by.
#include "stripe/client.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck::stripe {
namespace {

const HttpResponse too_often{.status = 429, .body = R"({"error":{"code":"rate_limit"}})"};
const HttpResponse session{.status = 200, .body = R"({"id":"cs_test_a","status":"open"})"};

struct World {
  explicit World(std::string key = "sk_test_1")
      : client(http, run.clock, metrics,
               {.url = "https://s",
                .key = Secret(std::move(key)),
                .pacing = {.turn = [this](Turn one) { return turn(std::move(one)); },
                           .limited = [this](std::string limit) { return told(limit); }}}) {}

  boost::asio::awaitable<bool> turn(Turn one) {
    co_await run.clock.sleep(wait);
    turns.push_back(std::move(one));
    co_return turns.size() <= turns_max;
  }
  boost::asio::awaitable<void> told(std::string limit) {
    limited.push_back(std::move(limit));
    co_return;
  }
  Result<CheckoutSession> create() { return run(client.create_checkout({.price = "p"}, "key")); }

  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Duration wait{0};
  std::size_t turns_max = 1000;
  std::vector<Turn> turns;
  std::vector<std::string> limited;
  Client client;
};

TEST_CASE("a checkout's 429 is tried again under the same key and body") {
  World world;
  world.http.answers = {too_often, too_often, too_often, too_often, session};
  REQUIRE(world.create());
  REQUIRE(world.http.calls.size() == 5);
  for (const HttpCall& call : world.http.calls) {
    CHECK(call.body == world.http.calls.front().body);
    CHECK(*find_header(call.headers, "idempotency-key") == "key");
  }
  CHECK(world.turns.size() == 5);
  CHECK(world.limited == std::vector<std::string>(4, "test"));
}

TEST_CASE("for as long as a buyer should wait, his turns included") {
  World world;
  SUBCASE("refused again and again") {}
  SUBCASE("and waiting for each turn") { world.wait = std::chrono::seconds(1); }
  world.http.answers.assign(100, too_often);
  const Duration begun = world.run.clock.steady();
  const auto refused = world.create();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::limited);
  const Duration waited = world.run.clock.steady() - begun;
  CHECK(waited > patience_of(Priority::checkout) / 2);
  CHECK(waited <= patience_of(Priority::checkout));
  CHECK(world.http.calls.size() > 2);
}

TEST_CASE("another call's 429 is final, as the SDKs have it, and so is one that says so") {
  World world;
  world.http.answers = {too_often};
  const auto read = world.run(world.client.retrieve_checkout("cs_test_a", Expand::payment));
  CHECK(read.error().code == Errc::limited);
  HttpResponse told = too_often;
  told.headers = {{"stripe-should-retry", "false"}};
  world.http.answers = {told};
  CHECK(world.create().error().code == Errc::limited);
  CHECK(world.http.calls.size() == 2);
}

TEST_CASE("without a turn nothing is sent") {
  World world;
  world.turns_max = 0;
  CHECK(world.create().error().code == Errc::limited);
  CHECK(world.http.calls.empty());
  CHECK(world.metrics.total(Counter::stripe_requests, "not_sent") == 1);
}

TEST_CASE("a call that may have had its effect is not called undone for want of a second turn") {
  World world;
  world.turns_max = 1;
  world.http.answers = {HttpResponse{.status = 500}};
  CHECK(world.create().error().code == Errc::ambiguous);
}

TEST_CASE("a 429 about a lock or one object slows nobody down") {
  World world;
  HttpResponse lock{.status = 429, .body = R"({"error":{"code":"lock_timeout"}})"};
  HttpResponse object = too_often;
  object.headers = {{"stripe-rate-limited-reason", "resource-specific"}};
  HttpResponse rate = lock;
  rate.headers = {{"stripe-rate-limited-reason", "endpoint-rate"}};
  world.http.answers = {lock, object, rate, session};
  REQUIRE(world.create());
  CHECK(world.limited.size() == 1);
}

TEST_CASE("calls of a live key count at their endpoint, those of a test key together") {
  World live("sk_live_1");
  World test("rk_test_1");
  World other("ek_1");
  for (World* world : {&live, &test, &other}) {
    CHECK_FALSE(world->create());
    CHECK_FALSE(
        world->run(world->client.retrieve_checkout("cs_a", Expand::payment, Priority::audit)));
    CHECK_FALSE(world->run(world->client.list_refunds("pi_1")));
    CHECK_FALSE(world->run(world->client.events_between(from_unix_s(1), from_unix_s(2), "")));
  }
  std::vector<std::string> limits;
  for (const Turn& turn : live.turns) limits.push_back(turn.limit);
  limits.erase(std::ranges::unique(limits).begin(), limits.end());
  CHECK(limits == std::vector<std::string>{"live:checkout", "live:refunds", "live:events"});
  for (const World* world : {&test, &other}) {
    for (const Turn& turn : world->turns) CHECK(turn.limit == "test");
  }
  std::vector<Priority> priorities;
  for (const Turn& turn : live.turns) priorities.push_back(turn.priority);
  priorities.erase(std::ranges::unique(priorities).begin(), priorities.end());
  CHECK(priorities ==
        std::vector{Priority::checkout, Priority::audit, Priority::payment, Priority::lookup});
}

}  // namespace
}  // namespace claimcheck::stripe
