// Checkout without a network: what is stored before the address goes out, what one caller's key
// means, and the limit on unpaid prompts.
#include "store/codec.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::OrderWorld;
const std::string first = "cs_test_first";
const std::string second = "cs_test_second";

struct Till {
  OrderWorld world;
  Checkout checkout{world.context, {.urls = {.success = "https://s", .cancel = "https://c"}}};

  std::expected<CheckoutAnswer, Refusal> create(const std::string& key = "",
                                                const std::string& prompt = "a cat") {
    return world.run(checkout.create(world.order(prompt), key));
  }
};

TEST_CASE("claim, session value, due entry and booking are there when the address goes out") {
  Till till;
  OrderWorld& world = till.world;
  world.http.answers = {world.session(first, "open", "unpaid")};
  const auto answer = till.create();
  REQUIRE(answer);
  CHECK(answer->session_id == first);
  CHECK(answer->url == "https://pay/" + first);
  const auto claim = world.run(world.store.orders->load(first));
  REQUIRE(claim);
  CHECK(claim->version == 1);
  CHECK(claim->amount_minor == 1900);
  CHECK(claim->units.size() == 1);
  world.run.clock.advance(std::chrono::hours(24) + Policy().expiry_slack);
  const auto due = world.run(world.store.queue->take(10, std::chrono::seconds(1)));
  REQUIRE(due->size() == 1);
  CHECK(due->front().member == first);
  CHECK(world.run(world.store.lists->recent(10))->front() == first);
}

TEST_CASE("the same key and body are the same session, another body is a conflict") {
  Till till;
  OrderWorld& world = till.world;
  world.http.answers = {world.session(first, "open", "unpaid"),
                        world.session(first, "open", "unpaid")};
  REQUIRE(till.create("key"));
  const auto again = till.create("key");
  REQUIRE(again);
  CHECK(again->session_id == first);
  CHECK(world.http.calls.back().method == "GET");  // read again, not made again
  const auto other = till.create("key", "a dog");
  REQUIRE_FALSE(other);
  CHECK(other.error().kind == RefusalKind::conflict);
}

TEST_CASE("a key is the same call at Stripe from a process with other addresses of its own") {
  Till till;
  OrderWorld& world = till.world;
  REQUIRE_FALSE(till.create("key"));  // no answer: Stripe may have made it
  REQUIRE(world.http.calls.size() > 0);
  const auto asked = world.http.calls.back();
  Checkout deployed(world.context, {.urls = {.success = "https://new", .cancel = "https://new"}});
  world.http.answers = {world.session(first, "open", "unpaid")};
  REQUIRE(world.run(deployed.create(world.order("a cat"), "key")));
  const auto& again = world.http.calls.back();
  CHECK(again.body == asked.body);
  CHECK(*find_header(again.headers, "idempotency-key") ==
        *find_header(asked.headers, "idempotency-key"));
  world.http.answers = {world.session(second, "open", "unpaid")};
  REQUIRE(world.run(deployed.create(world.order("a cat"), "another")));
  CHECK(world.http.calls.back().body.contains("new"));
}

TEST_CASE("a key is the same call also with an expiry, a minute later and in another language") {
  OrderWorld world;
  Checkout checkout(world.context, {.urls = {.success = "https://s", .cancel = "https://c"},
                                    .session = {.general = {.form = {{"submit_type", "book"}},
                                                            .expires_after = std::chrono::hours(2)},
                                                .tools = {}}});
  const auto ask = [&](const char* locale) {
    OrderRequest order = world.order();
    order.locale = locale;
    return world.run(checkout.create(order, "key"));
  };
  const std::int64_t asked_s = to_unix_s(world.run.clock.now());
  REQUIRE_FALSE(ask("de-AT"));  // no answer: Stripe may have made it
  const auto first_call = world.http.calls.back();
  CHECK(first_call.body.contains(
      fmt::format("locale=de&expires_at={}&submit_type=book&metadata", asked_s + 7200)));
  world.run.clock.advance(std::chrono::seconds(61));
  SUBCASE("Stripe repeats its answer") {
    world.http.answers = {world.session(first, "open", "unpaid")};
    REQUIRE(ask("fr"));
    CHECK(world.http.calls.back().body == first_call.body);
  }
  SUBCASE("Stripe never had it, and the expiry is too near by now: it is counted anew") {
    const std::int64_t now_s = to_unix_s(world.run.clock.now());
    world.http.answers = {
        HttpResponse{.status = 400, .body = R"({"error":{"param":"expires_at"}})"},
        world.session(first, "open", "unpaid")};
    REQUIRE(ask("fr"));
    CHECK(world.http.calls.back().body.contains(fmt::format("expires_at={}&", now_s + 7200)));
    CHECK(world.http.calls.back().body.contains("locale=de&"));
  }
}

TEST_CASE("the options of a tool are sent instead of the general ones") {
  OrderWorld world;
  const std::string slug = world.catalog.tools[0].slug;
  Checkout checkout(world.context, {.urls = {.success = "https://s", .cancel = "https://c"},
                                    .session = {.general = {.form = {{"submit_type", "book"}}},
                                                .tools = {{slug, {.form = {{"locale", "fi"}}}}}}});
  OrderRequest order = world.order();
  order.locale = "de";
  world.http.answers = {world.session(first, "open", "unpaid")};
  REQUIRE(world.run(checkout.create(order, "")));
  const std::string& body = world.http.calls.back().body;
  CHECK(body.contains("&locale=fi&metadata"));  // the shop's own choice outranks the buyer's
  CHECK_FALSE(body.contains("locale=de"));
  CHECK_FALSE(body.contains("submit_type"));
  CHECK_FALSE(body.contains("expires_at"));
}

TEST_CASE("a session that is no longer open is never handed out again") {
  Till till;
  OrderWorld& world = till.world;
  world.http.answers = {world.session(first, "open", "unpaid")};
  REQUIRE(till.create("key"));
  const std::string first_key = *find_header(world.http.calls[0].headers, "idempotency-key");
  SUBCASE("known from our own record") {
    world.http.answers = {world.session(first, "expired", "unpaid"),
                          world.session(second, "open", "unpaid")};
  }
  SUBCASE("known only from Stripe's replay") {
    world.run.clock.advance(std::chrono::hours(24));  // our record is over
    world.http.answers = {world.session(first, "open", "unpaid", true),
                          world.session(first, "complete", "paid"),
                          world.session(second, "open", "unpaid")};
  }
  const auto answer = till.create("key");
  REQUIRE(answer);
  CHECK(answer->session_id == second);
  CHECK(*find_header(world.http.calls.back().headers, "idempotency-key") != first_key);
}

TEST_CASE("Stripe's refusal and Stripe's silence are told apart, and neither tells details") {
  Till till;
  OrderWorld& world = till.world;
  world.http.answers = {HttpResponse{
      .status = 400, .body = R"({"error":{"code":"resource_missing","message":"No such price"}})"}};
  CHECK(till.create().error().code == "payment_refused");
  const auto silent = till.create();
  CHECK(silent.error().code == "payment_unavailable");
  CHECK(silent.error().kind == RefusalKind::stripe_unavailable);
}

TEST_CASE("a Stripe that takes no more calls is told apart from one that is away") {
  Till till;
  OrderWorld& world = till.world;
  world.http.answers.assign(100, HttpResponse{.status = 429});
  const auto busy = till.create();
  REQUIRE_FALSE(busy);
  CHECK(busy.error().kind == RefusalKind::stripe_busy);
  CHECK(busy.error().code == "payment_busy");
  CHECK(busy.error().retry_after > Duration(0));
}

TEST_CASE("a session that could not be asked about, for there were too many calls, has no second") {
  Till till;
  OrderWorld& world = till.world;
  world.http.answers = {world.session(first, "open", "unpaid")};
  REQUIRE(till.create("key"));
  world.http.answers.assign(100, HttpResponse{.status = 429});
  CHECK(till.create("key").error().kind == RefusalKind::stripe_busy);
  world.http.answers = {world.session(first, "open", "unpaid")};
  CHECK(till.create("key")->session_id == first);
}

TEST_CASE("the prompts of all unpaid orders together have a limit, and payment gives room") {
  OrderWorld world;
  Checkout checkout(world.context, {.urls = {.success = "https://s", .cancel = "https://c"},
                                    .unpaid_bytes_max = 10});
  world.http.answers = {world.session(first, "open", "unpaid")};
  REQUIRE(world.run(checkout.create(world.order("12345678"), "")));
  const auto refused = world.run(checkout.create(world.order("123"), ""));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "too_many_unpaid_orders");
  CHECK(refused.error().kind == RefusalKind::limited);
  CHECK(refused.error().retry_after > Duration(0));
  REQUIRE(world.run(world.store.checkouts->release_unpaid(first)));
  world.http.answers = {world.session(second, "open", "unpaid")};
  CHECK(world.run(checkout.create(world.order("123"), "")));
}

}  // namespace
}  // namespace claimcheck
