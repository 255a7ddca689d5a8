// The small pieces that give texts: JSON, pages, ranges, signatures, keys, money, prices.
#include "sandbox/json_text.hpp"
#include "sandbox/media.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/stripe_key.hpp"
#include "sandbox/webhooks.hpp"

#include <doctest/doctest.h>

using namespace claimcheck;
using namespace claimcheck::sandbox;

TEST_CASE("sandbox json: Stripe's indentation, whole doubles as Python prints them") {
  const Object object{{"a", Array{1, 8.0, 0.5}}, {"b", Object()}, {"c", Array()}, {"d", nullptr}};
  CHECK(compact(object) == R"({"a":[1,8.0,0.5],"b":{},"c":[],"d":null})");
  CHECK(pretty(object) ==
        "{\n  \"a\": [\n    1,\n    8.0,\n    0.5\n  ],\n  \"b\": {},\n"
        "  \"c\": [],\n  \"d\": null\n}");
  CHECK(compact(Object{{"q\"\n", "\x01"}}) == R"({"q\"\n":"\u0001"})");
}

TEST_CASE("sandbox pages: values are escaped") {
  const HttpResponse page =
      page_answer(200, "<p>{{a}}</p>{{b}}", {{"a", html_text("<i>&\"'")}, {"b", {"<b>"}}});
  CHECK(page.body == "<p>&lt;i&gt;&amp;&quot;&#39;</p><b>");
}

TEST_CASE("sandbox media: ranges") {
  const auto asked = [](const std::string& range) {
    HttpRequest request;
    if (!range.empty()) request.headers = {{"range", range}};
    const HttpResponse answer = file_answer(request, "0123456789", "text/plain");
    return std::to_string(answer.status) + " " + answer.body;
  };
  CHECK(asked("") == "200 0123456789");
  CHECK(asked("bytes=0-3") == "206 0123");
  CHECK(asked("bytes=7-") == "206 789");
  CHECK(asked("bytes=-2") == "206 89");
  CHECK(asked("bytes=-99") == "206 0123456789");
  CHECK(asked("bytes=8-99") == "206 89");
  CHECK(asked("bytes=10-") == "416 ");
  CHECK(asked("bytes=5-4") == "416 ");
  CHECK(asked("bytes=-") == "416 ");
  CHECK(asked("bytes=-0") == "416 ");
  CHECK(asked("lines=1-2") == "416 ");
}

TEST_CASE("sandbox webhooks: one v1 for each secret, over time and body") {
  // Checked with: printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_a
  const std::string header = signature_header({"whsec_a"}, 1700000000, R"({"id":"evt_1"})");
  CHECK(header.starts_with(
      "t=1700000000,v1=97ea69f91fd566038386bacf87292eb0d73a8207414ee62ed313d49996fe0639,v0="));
  const std::string two = signature_header({"whsec_a", "whsec_b"}, 1700000000, "x");
  CHECK(two.find(",v1=") != two.rfind(",v1="));
  CHECK(split_secrets("a,b,,c") == std::vector<std::string>{"a", "b", "c"});
  CHECK(split_secrets("").empty());
}

TEST_CASE("sandbox keys: Bearer and Basic") {
  const auto key = [](const std::string& header) {
    HttpRequest request;
    request.headers = {{"authorization", header}};
    return key_of(request);
  };
  CHECK(key("Bearer sk_test_1") == "sk_test_1");
  CHECK(key("Basic c2tfdGVzdF8xOg==") == "sk_test_1");
  CHECK(key("Basic c2tfdGVzdF8xMjo=") == "sk_test_12");
  CHECK(key("Digest x").empty());
  CHECK(key_of(HttpRequest{}).empty());
  CHECK(shortened_key("sk_test_0123456789abcd") == "sk_test_********************abcd");
  CHECK(shortened_key("short") == "****");
}

TEST_CASE("sandbox money: as buyers read it") {
  CHECK(money_text(1905, "usd") == "$19.05");
  CHECK(money_text(7, "eur") == "€0.07");
  CHECK(money_text(500, "jpy") == "JPY 500");
  CHECK(money_text(5120, "kwd") == "KWD 5.120");
  CHECK(money_text(500, "ugx") == "UGX 5.00");
}

TEST_CASE("sandbox prices: id:currency:unit_amount:name") {
  const Result<PriceOption> price = PriceOption::parse("price_1:eur:1900:Video: long");
  REQUIRE(price);
  CHECK(price->id == "price_1");
  CHECK(price->currency == "eur");
  CHECK(price->unit_amount == 1900);
  CHECK(price->name == "Video: long");
  for (const char* wrong : {"", "a:usd", "a:usd:x:n", "a:usd:-1:n", "a:us:1:n", ":usd:1:n"}) {
    CHECK_FALSE(PriceOption::parse(wrong));
  }
}
