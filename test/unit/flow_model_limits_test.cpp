// What the models of a tool can take is asked before the payment.
#include "flow/model_limits.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

TEST_CASE("model limits: each unit counts a prompt as its provider does") {
  const std::string prompt = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\xBA";  // a, é, €, a cat's face
  CHECK(prompt_length(prompt, PromptUnit::characters) == 4);
  CHECK(prompt_length(prompt, PromptUnit::utf16) == 5);
  CHECK(prompt_length(prompt, PromptUnit::bytes) == 10);
}

TEST_CASE("model limits: every generator of the tool must take the prompt, styled as it is sent") {
  ScriptedClient http;
  Metrics metrics;
  const ManualClock clock{from_unix_s(1'790'000'000)};
  const Generators generators(
      http, metrics, clock,
      {{.name = "superduperai",
        .url = "https://one",
        .models = {{.name = "long", .prompt_max = 100}, {.name = "any"}}},
       {.name = "two",
        .url = "https://two",
        .models = {{.name = "short", .prompt_max = 5, .prompt_unit = PromptUnit::bytes}}}});
  const Catalog catalog;
  Tool tool;
  const auto objection = [&](std::string_view prompt) {
    return objection_to_prompt(generators, catalog, tool, prompt);
  };
  tool.generators = {{"superduperai", "long"}, {"superduperai", "any"}, {"two", "unlisted"}};
  CHECK_FALSE(objection(std::string(100, 'x')));
  CHECK(objection(std::string(101, 'x')) ==
        "the prompt has 101 characters as it is sent, and at most 100 are possible");
  tool.generators = {{"superduperai", "long"}, {"two", "short"}};
  CHECK_FALSE(objection("12345"));
  CHECK(objection("123456") == "the prompt has 6 bytes as it is sent, and at most 5 are possible");
}

TEST_CASE("model limits: an order that no generator can make is refused before the payment") {
  OrderWorld world;
  Generators small(world.http, world.metrics, world.run.clock,
                   {{.name = "superduperai",
                     .url = "https://g",
                     .models = {{.name = "model", .prompt_max = 3}}}});
  Context context{world.store,   world.stripe,  small,   world.run.clock,
                  world.metrics, world.catalog, Policy()};
  Checkout checkout(context, {});
  const auto refused = world.run(checkout.create(world.order("four"), ""));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "prompt_too_long");
  CHECK(refused.error().param == "prompt");
  CHECK(world.http.calls.empty());
}

}  // namespace
}  // namespace claimcheck::test
