// What a shop hands on to Stripe with each session: the language, the expiry, the choice by tool.
#include "flow/session_options.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

TEST_CASE("a buyer's locale becomes a language of Stripe's page, or none") {
  CHECK(stripe_locale("de") == "de");
  CHECK(stripe_locale("en-US") == "en");
  CHECK(stripe_locale("en-gb") == "en-GB");
  CHECK(stripe_locale("pt-BR") == "pt-BR");
  CHECK(stripe_locale("zh-Hant") == "zh");
  CHECK(stripe_locale("hi") == "hi-IN");
  CHECK(stripe_locale("es-MX") == "es");
  CHECK(stripe_locale("uk").empty());
  CHECK(stripe_locale("").empty());
  CHECK(stripe_locale("b").empty());
}

TEST_CASE("an expiry is counted from the call, and stays within Stripe's bounds by two minutes") {
  constexpr std::int64_t asked = 1'790'000'000;
  const auto after = [](Duration life) {
    return expires_at({.form = {}, .expires_after = life}, asked) - asked;
  };
  CHECK(expires_at({}, asked) == 0);
  CHECK(after(std::chrono::hours(2)) == 7200);
  CHECK(after(session_expiry_min) == 32 * 60);
  CHECK(after(session_expiry_max) == (24 * 60 - 2) * 60);
}

TEST_CASE("a tool with options of its own has these, every other one the general ones") {
  const SessionOptionsByTool options{.general = {.form = {{"a", "1"}}},
                                     .tools = {{"cats", {.form = {{"b", "2"}}}}}};
  CHECK(options.of("cats").form.front().first == "b");
  CHECK(options.of("dogs").form.front().first == "a");
}

}  // namespace
}  // namespace claimcheck
