// What a buyer may send, and the words a refusal comes with.
#include "domain/session.hpp"
#include "flow/order_request.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

Catalog catalog() {
  Catalog shop;
  Tool cats;
  cats.slug = "cats";
  cats.metadata_name = "cats";
  cats.durations = {5, 8.5};
  cats.resolutions = {"720x1280", "1280x720"};
  cats.styles = {"noir", "cartoon"};
  shop.tools.push_back(cats);
  shop.prices = {{.id = "price_one", .tool = Tool{}.slug},
                 {.id = "price_three", .tool = Tool{}.slug, .units = 3},
                 {.id = "price_many", .tool = Tool{}.slug, .units = 13},
                 {.id = "price_cats", .tool = "cats"},
                 {.id = "price_both", .tool = Tool{}.slug, .also = {"cats"}},
                 {.id = "price_any", .tool = "cats", .any_tool = true}};
  return shop;
}

std::expected<OrderRequest, Refusal> read(const std::string& body) {
  return read_order_request(body, catalog());
}

struct Case {
  std::string body;
  std::string code;
  std::string param;
};

void expect_refused(const Case& wrong) {
  const auto order = read(wrong.body);
  INFO(wrong.body);
  REQUIRE_FALSE(order);
  CHECK(order.error().kind == RefusalKind::invalid);
  CHECK(order.error().code == wrong.code);
  CHECK(order.error().param == wrong.param);
  CHECK_FALSE(order.error().message.empty());
}

TEST_CASE("every bad request names its code and the member at fault") {
  const std::vector<Case> cases = {
      {"", "invalid_json", ""},
      {"[]", "invalid_json", ""},
      {"{\"prompt\":\"\\ud83d\"}", "invalid_json", ""},  // a lone surrogate is no text
      {"{\"prompt\":\"\xff\"}", "invalid_json", ""},
      {R"({"prompt":"p"})", "missing", "priceId"},
      {R"({"priceId":7,"prompt":"p"})", "invalid_type", "priceId"},
      {R"({"priceId":"price_x","prompt":"p"})", "unknown_price", "priceId"},
      {R"({"priceId":"price_one","toolSlug":"dogs","prompt":"p"})", "unknown_tool", "toolSlug"},
      {R"({"priceId":"price_one","toolSlug":"cats","prompt":"p"})", "tool_mismatch", "toolSlug"},
      {R"({"priceId":"price_both","toolSlug":"dogs","prompt":"p"})", "unknown_tool", "toolSlug"},
      {R"({"priceId":"price_any","toolSlug":["dogs"],"prompt":"p"})", "invalid_type", "toolSlug"},
      {R"({"priceId":"price_any","toolSlug":"a dog","prompt":"p"})", "invalid_tool_slug",
       "toolSlug"},
      {R"({"priceId":"price_any","toolSlug":"../dogs","prompt":"p"})", "invalid_tool_slug",
       "toolSlug"},
      {R"({"priceId":"price_any","toolSlug":"dogs","toolTitle":7,"prompt":"p"})", "invalid_type",
       "toolTitle"},
      {R"({"priceId":"price_any","toolSlug":"dogs","toolTitle":"a\nb","prompt":"p"})",
       "invalid_tool_title", "toolTitle"},
      {R"({"priceId":"price_any","toolSlug":"dogs","duration":8,"prompt":"p"})", "invalid_duration",
       "duration"},
      {R"({"priceId":"price_one","quantity":0,"prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_one","quantity":11,"prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_one","quantity":"2","prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_one","quantity":1.5,"prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_one","quantity":1e19,"prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_one","quantity":false,"prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_many","quantity":4,"prompt":"p"})", "invalid_quantity", "quantity"},
      {R"({"priceId":"price_one"})", "empty_prompt", "prompt"},
      {R"({"priceId":"price_one","prompt":" \n\t "})", "empty_prompt", "prompt"},
      {R"({"priceId":"price_one","prompt":["p"]})", "invalid_type", "prompt"},
      {R"({"priceId":"price_one","prompt":"p","duration":60})", "invalid_duration", "duration"},
      {R"({"priceId":"price_one","prompt":"p","duration":"8"})", "invalid_duration", "duration"},
      {R"({"priceId":"price_one","prompt":"p","resolution":"3840x2160"})", "invalid_resolution",
       "resolution"},
      {R"({"priceId":"price_one","prompt":"p","style":"x"})", "invalid_style", "style"},
      {R"({"priceId":"price_one","prompt":"p","locale":"en_US!"})", "invalid_locale", "locale"},
      {R"({"priceId":"price_one","prompt":"p","locale":"aaaaaaaa-bbbbbbbb"})", "invalid_locale",
       "locale"},
      {R"({"priceId":"price_one","prompt":"p","customerEmail":"a"})", "invalid_email",
       "customerEmail"},
      {R"({"priceId":"price_one","prompt":"p","customerEmail":"a@b@c"})", "invalid_email",
       "customerEmail"},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

TEST_CASE("the prompt may be exactly prompt_bytes_max long") {
  const auto with = [](std::size_t bytes) {
    return read(R"({"priceId":"price_one","prompt":")" + std::string(bytes, 'p') + "\"}");
  };
  CHECK(with(prompt_bytes_max));
  CHECK(with(prompt_bytes_max + 1).error().code == "prompt_too_long");
}

TEST_CASE("a reference or metadata that Stripe would not take are refused before it is asked") {
  const Case cases[] = {
      {R"({"priceId":"price_one","prompt":"p","reference":7})", "invalid_type", "reference"},
      {R"({"priceId":"price_one","prompt":"p","reference":"a\nb"})", "invalid_reference",
       "reference"},
      {R"({"priceId":"price_one","prompt":"p","metadata":"a"})", "invalid_type", "metadata"},
      {R"({"priceId":"price_one","prompt":"p","metadata":{"a":7}})", "invalid_metadata",
       "metadata"},
      {R"({"priceId":"price_one","prompt":"p","metadata":{"a":""}})", "invalid_metadata",
       "metadata"},
      {R"({"priceId":"price_one","prompt":"p","metadata":{"":"a"}})", "invalid_metadata",
       "metadata"},
      {R"({"priceId":"price_one","prompt":"p","metadata":{"a[b]":"c"}})", "invalid_metadata",
       "metadata"},
      {R"({"priceId":"price_one","prompt":"p","metadata":{"tool":"c"}})", "invalid_metadata",
       "metadata"},
      {R"({"priceId":"price_one","prompt":"p","metadata":{"video_count":"9"}})", "invalid_metadata",
       "metadata"},
  };
  for (const Case& wrong : cases) expect_refused(wrong);
}

TEST_CASE("the shop's reference and metadata are as long as Stripe takes them, in characters") {
  const auto with = [](const std::string& members) {
    return read(R"({"priceId":"price_one","prompt":"p",)" + members + "}");
  };
  const auto repeated = [](std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += "é";
    return text;
  };
  const auto reference = [&](std::size_t length) {
    return with(R"("reference":")" + repeated(length) + '"');
  };
  CHECK(reference(reference_characters_max)->reference == repeated(reference_characters_max));
  CHECK(reference(reference_characters_max + 1).error().code == "invalid_reference");
  const auto metadata = [&](std::size_t name, std::size_t value) {
    return with(R"("metadata":{")" + repeated(name) + R"(":")" + repeated(value) + "\"}");
  };
  CHECK(metadata(metadata_name_characters_max, metadata_value_characters_max));
  CHECK_FALSE(metadata(metadata_name_characters_max + 1, 1));
  CHECK_FALSE(metadata(1, metadata_value_characters_max + 1));
  const auto members = [&](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
      list += (i == 0 ? "" : ",") + ("\"m" + std::to_string(i) + "\":\"v\"");
    }
    return with(R"("metadata":{)" + list + "}");
  };
  CHECK(members(metadata_members_max)->metadata.size() == metadata_members_max);
  CHECK_FALSE(members(metadata_members_max + 1));
}

TEST_CASE("another reference is another order, another spelling of the metadata is not") {
  const auto canonical = [](const std::string& more) {
    return read(R"({"priceId":"price_one","prompt":"p")" + more + "}")->canonical();
  };
  CHECK(canonical(R"(,"reference":"A")") != canonical(R"(,"reference":"B")"));
  CHECK(canonical(R"(,"metadata":{"a":"1","b":"2"})") ==
        canonical(R"(,"metadata":{"b":"2","a":"1"})"));
  CHECK(canonical(R"(,"metadata":{"a":"1"})") != canonical(R"(,"metadata":{"a":"2"})"));
  CHECK(canonical(R"(,"metadata":{})") == canonical(""));
}

TEST_CASE("what is not chosen is the tool's first choice; unknown members do not matter") {
  const auto order = read(R"({"priceId":"price_one","prompt":" p ","toolTitle":"mine"})");
  REQUIRE(order);
  CHECK(order->prompt == " p ");  // byte for byte
  CHECK(order->quantity == 1);
  CHECK(order->duration == 8);
  CHECK(order->resolution == "1280x720");
  CHECK(order->style == "cinematic");
  CHECK(order->tool.title == "Free VEO3 Viral Prompt Generator");
}

TEST_CASE("choices within the tool's lists are taken, a price may buy several videos") {
  const auto cats = read(R"({"priceId":"price_cats","prompt":"p","duration":8.5,
                             "resolution":"1280x720","style":"cartoon","quantity":2})");
  REQUIRE(cats);
  CHECK(cats->duration == 8.5);
  CHECK(cats->videos() == 2);
  const auto three = read(R"({"priceId":"price_three","prompt":"p","quantity":2})");
  REQUIRE(three);
  CHECK(three->videos() == 6);
}

TEST_CASE("a price may buy several tools, and any; the limits are those of a configured one") {
  const auto bought = [](const std::string& price, const std::string& more) {
    const auto order = read(R"({"prompt":"p","priceId":")" + price + '"' + more + "}");
    REQUIRE(order);
    return *order;
  };
  const auto names = [&](const std::string& price, const std::string& more) {
    const OrderRequest order = bought(price, more);
    return std::vector{order.tool.slug, order.tool_slug, order.tool_title};
  };
  const Tool seed;
  using Names = std::vector<std::string>;
  CHECK(names("price_both", "") == Names{seed.slug, seed.slug, seed.title});
  CHECK(names("price_both", R"(,"toolSlug":"cats","toolTitle":"mine")")[0] == "cats");
  CHECK(names("price_both", R"(,"toolSlug":"","toolTitle":7)")[0] == seed.slug);
  CHECK(names("price_any", "")[1] == "cats");
  CHECK(names("price_any", R"(,"toolSlug":"veo3-prompt-generator")") ==
        Names{seed.slug, seed.slug, seed.title});
  const std::string cats_title = bought("price_any", "").tool.title;
  CHECK(names("price_any", R"(,"toolSlug":"Dogs_2.0")") == Names{"cats", "Dogs_2.0", cats_title});
  CHECK(names("price_any", R"(,"toolSlug":"dogs","toolTitle":"<b>Собаки")") ==
        Names{"cats", "dogs", "<b>Собаки"});
  const std::string one = bought("price_any", R"(,"toolSlug":"dogs")").canonical();
  CHECK(one != bought("price_any", R"(,"toolSlug":"birds")").canonical());
  CHECK(one != bought("price_any", R"(,"toolSlug":"dogs","toolTitle":"Dogs")").canonical());
}

TEST_CASE("what a shop calls a tool is bounded") {
  CHECK(is_tool_slug(std::string(tool_slug_bytes_max, 'a')));
  CHECK_FALSE(is_tool_slug(std::string(tool_slug_bytes_max + 1, 'a')));
  CHECK(is_tool_title(std::string(tool_title_bytes_max, ' ')));
  CHECK_FALSE(is_tool_title(std::string(tool_title_bytes_max + 1, ' ')));
  for (const char* bad : {"", "a\nb", "\x7f", "\x1b[0m"}) CHECK_FALSE(is_tool_title(bad));
  for (const char* bad : {"", "a b", "é", "a/b", "a\n"}) CHECK_FALSE(is_tool_slug(bad));
}

TEST_CASE("null is as if not given, and a whole number is one however it is spelled") {
  const auto nulls = read(R"({"priceId":"price_cats","prompt":"p","quantity":null,"duration":null,
                              "resolution":null,"style":null,"customerEmail":null,"toolSlug":null,
                              "locale":null})");
  REQUIRE(nulls);
  CHECK(nulls->canonical() == read(R"({"priceId":"price_cats","prompt":"p"})")->canonical());
  for (const char* two : {"2", "2.0", "2e0", "20E-1"}) {
    CAPTURE(std::string(two));
    const auto order =
        read(R"({"priceId":"price_one","prompt":"p","quantity":)" + std::string(two) + "}");
    REQUIRE(order);
    CHECK(order->quantity == 2);
  }
}

TEST_CASE("the canonical text is the same for the same order and only for it") {
  const auto a = read(R"({"priceId":"price_one","prompt":"p","quantity":1})");
  const auto b = read(R"({ "quantity": 1, "prompt": "\u0070", "priceId": "price_one" })");
  const auto c = read(R"({"priceId":"price_one","prompt":"p","quantity":2})");
  CHECK(a->canonical() == b->canonical());
  CHECK(a->canonical() != c->canonical());
}

}  // namespace
}  // namespace claimcheck
