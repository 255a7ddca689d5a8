// The templates of a model's inputs: values keep their types, texts keep their bytes.
#include "base/json.hpp"
#include "generator/input_template.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

GenerationJob job() {
  return {.prompt = "a {seed} \"cat\"",
          .model = "m",
          .seed = 42,
          .key = "k1",
          .width = 1280,
          .height = 720,
          .duration_s = 8,
          .callback_url = "https://shop/cb"};
}

std::string filled(std::string_view pattern) {
  return json::print(fill_template(json::parse(pattern).value(), job()));
}

TEST_CASE("an input template: a lone placeholder keeps its type, inside a text it is written out") {
  CHECK(filled(R"({"duration":"{duration}"})") == R"({"duration":8})");
  CHECK(filled(R"({"duration":"{duration}s"})") == R"({"duration":"8s"})");
  CHECK(filled(R"(["{width}x{height}","{lines}","{aspect_ratio}","{resolution}"])") ==
        R"(["1280x720","720p","16:9","1280x720"])");
  CHECK(filled(R"({"a":{"b":[true,1,null,"{model}","{key}","{callback}"]}})") ==
        R"({"a":{"b":[true,1,null,"m","k1","https://shop/cb"]}})");
}

TEST_CASE("an input template: the prompt goes in byte for byte, and is no template itself") {
  CHECK(filled(R"({"p":"{prompt}"})") == R"({"p":"a {seed} \"cat\""})");
  CHECK(filled(R"({"p":"{prompt}, slowly"})") == R"({"p":"a {seed} \"cat\", slowly"})");
}

TEST_CASE("an input template: an unknown placeholder is named, other braces are text") {
  const auto checked = [](std::string_view pattern) {
    return check_template(json::parse(pattern).value());
  };
  CHECK(checked(R"({"a":["{prompt}","{\"x\": {duration}}","{}","{Upper}","{"]})"));
  const Result<void> wrong = checked(R"({"a":[{"b":"{promt}"}]})");
  REQUIRE_FALSE(wrong);
  CHECK(
      wrong.error().message.starts_with("{promt} is no placeholder; there are {prompt}, {model}"));
  CHECK(filled(R"({"a":"{} {Upper} {"})") == R"({"a":"{} {Upper} {"})");
}

TEST_CASE("an input template: a placeholder is found at any depth, but not in a member's name") {
  const auto held = [](std::string_view pattern) {
    return holds(json::parse(pattern).value(), "{prompt}");
  };
  CHECK(held(R"("{prompt}")"));
  CHECK(held(R"({"a":[1,{"b":"in {prompt} style"}]})"));
  for (const char* none : {"{}", "[]", "null", "7", R"({"{prompt}":"x"})", R"({"a":"prompt"})"}) {
    CHECK_MESSAGE(!held(none), none);
  }
}

TEST_CASE("an aspect ratio is by which side is longer") {
  CHECK(aspect_ratio(1280, 720) == "16:9");
  CHECK(aspect_ratio(720, 1280) == "9:16");
  CHECK(aspect_ratio(512, 512) == "1:1");
}

}  // namespace
}  // namespace claimcheck
