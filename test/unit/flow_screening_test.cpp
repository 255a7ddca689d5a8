// Screening of prompts before a payment: the list, the hook, and a hook that says nothing.
#include "base/standard_signature.hpp"
#include "flow/screening.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

using test::OrderWorld;

struct Screened {
  OrderWorld world;
  ScreeningOptions options;

  // Through the checkout: only an allowed prompt comes to Stripe.
  std::expected<CheckoutAnswer, Refusal> create(const std::string& prompt = "a cat") {
    Screening screening(world.context, world.http, options);
    Checkout checkout(world.context, {.urls = {.success = "https://s", .cancel = "https://c"},
                                      .session = {},
                                      .screening = &screening});
    return world.run(checkout.create(world.order(prompt), ""));
  }

  std::expected<CheckoutAnswer, Refusal> create_with(HttpResponse hook) {
    options.url = "https://shop/screen";
    options.keys = {Secret("k1"), Secret("k2")};
    world.http.answers = {std::move(hook), world.session("cs_test_first", "open", "unpaid")};
    return create();
  }
};

HttpResponse says(std::string body, int status = 200) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

TEST_CASE("screening: without a list and a hook every prompt is taken, and nobody is asked") {
  Screened screened;
  screened.world.http.answers = {screened.world.session("cs_test_first", "open", "unpaid")};
  CHECK(screened.create());
  CHECK(screened.world.http.calls.size() == 1);
}

TEST_CASE("screening: a word of the list refuses the prompt before Stripe or the hook is called") {
  Screened screened;
  screened.options.words = WordList::parse("forbidden").value();
  screened.options.url = "https://shop/screen";
  const auto refused = screened.create("a Forbidden cat");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == RefusalKind::invalid);
  CHECK(refused.error().code == "prompt_refused");
  CHECK(refused.error().param == "prompt");
  CHECK(refused.error().message == "this shop does not take orders for this prompt");
  CHECK(screened.world.http.calls.empty());
  CHECK(screened.world.metrics.text().contains(
      "claimcheck_checkouts_total{result=\"prompt_refused\"} 1"));
}

TEST_CASE("screening: the hook is asked with a signed question about the prompt") {
  Screened screened;
  REQUIRE(screened.create_with(says(R"({"allowed":true})")));
  REQUIRE(screened.world.http.calls.size() == 2);
  const HttpCall& call = screened.world.http.calls.front();
  CHECK(call.method == "POST");
  CHECK(call.url == "https://shop/screen");
  CHECK(call.timeout == std::chrono::seconds(5));
  CHECK(call.body ==
        R"({"prompt":"a cat","toolSlug":"veo3-prompt-generator","priceId":"price_1","quantity":1,)"
        R"("duration":8,"resolution":"1280x720","style":"cinematic"})");
  const std::string& id = *find_header(call.headers, "webhook-id");
  const std::int64_t at = to_unix_s(screened.world.run.clock.now());
  CHECK(*find_header(call.headers, "webhook-timestamp") == std::to_string(at));
  CHECK(*find_header(call.headers, "webhook-signature") ==
        standard_signature(id, at, call.body, screened.options.keys));
}

TEST_CASE("screening: the hook's no refuses the prompt, with its reason as one short line") {
  Screened screened;
  SUBCASE("without a reason") {
    const auto refused = screened.create_with(says(R"({"allowed":false})"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "this shop does not take orders for this prompt");
  }
  SUBCASE("with a reason") {
    const auto refused =
        screened.create_with(says(R"({"allowed":false,"reason":"No brands.\nSee our terms."})"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "prompt_refused");
    CHECK(refused.error().message ==
          "this shop does not take orders for this prompt: No brands. See our terms.");
  }
  SUBCASE("with a long one") {
    std::string reason;
    for (std::size_t i = 0; i < screening_reason_characters_max + 1; ++i) reason += "é";
    const auto refused =
        screened.create_with(says(R"({"allowed":false,"reason":")" + reason + "\"}"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.ends_with("prompt: " + reason.substr(2)));
  }
  CHECK(screened.world.http.calls.size() == 1);  // Stripe was not called
}

TEST_CASE("screening: a hook that does not say yes or no refuses for the moment, or allows") {
  for (const auto& silent :
       {says("", 500), says(R"({"allowed":true})", 404), says("no JSON"), says("{}"),
        says(R"({"allowed":"yes"})"), says("[true]"), says(R"({"allowed":null})")}) {
    Screened refusing;
    const auto refused = refusing.create_with(silent);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == RefusalKind::screening_unavailable);
    CHECK(refused.error().code == "screening_unavailable");
    CHECK(refused.error().retry_after == std::chrono::seconds(5));
    CHECK(refusing.world.http.calls.size() == 1);
    CHECK(refusing.world.metrics.text().contains("result=\"screening_unavailable\"} 1"));
    Screened allowing;
    allowing.options.allow_when_silent = true;
    CHECK(allowing.create_with(silent));
  }
}

TEST_CASE("screening: a hook that cannot be reached is silent") {
  Screened screened;
  screened.options.url = "https://shop/screen";
  const auto refused = screened.create();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "screening_unavailable");
}

}  // namespace
}  // namespace claimcheck
