#include "base/json.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace claimcheck {
namespace {

boost::json::value parsed(std::string_view text) {
  auto document = json::parse(text);
  REQUIRE(document.has_value());
  return std::move(*document);
}

TEST_CASE("json: members are found by path and type; anything else is absent") {
  const auto document = parsed(R"({"a":{"b":{"c":"x"}},"n":-5,"t":true,"f":1.5,"l":[1],"z":null})");
  REQUIRE(json::find(document, "a", "b", "c") != nullptr);
  CHECK(json::find(document, "a", "x", "c") == nullptr);
  CHECK(json::find(document, "l", "c") == nullptr);
  CHECK(json::text_at(*json::find(document, "a", "b"), "c") == "x");
  CHECK(json::text_at(document, "n").empty());
  CHECK(json::integer_at(document, "n") == -5);
  CHECK(json::integer_at(document, "f") == 0);
  CHECK(json::integer_at(document, "z") == 0);
  CHECK(json::bool_at(document, "t"));
  CHECK_FALSE(json::bool_at(document, "n"));
  CHECK_FALSE(json::bool_at(parsed("[]"), "t"));
}

TEST_CASE("json: what is not JSON, or too deep, is an error that says nothing of the text") {
  const std::string deep = std::string(33, '[') + std::string(33, ']');
  for (const std::string& text : {std::string(), std::string("{"), std::string("{\"secret\"}"),
                                  std::string("[1]x"), std::string("nan"), deep}) {
    const auto document = json::parse(text);
    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().code == Errc::invalid);
    CHECK(document.error().message.find("secret") == std::string::npos);
  }
  CHECK(json::parse(std::string(32, '[') + std::string(32, ']')).has_value());
}

TEST_CASE("json: a number is read as the nearest double, whatever its spelling") {
  const auto number = [](std::string_view text) { return parsed(text).to_number<double>(); };
  CHECK(number("9.007606831596423") == 9.007606831596423);
  CHECK(number("1.3e-228") == 1.3e-228);
  CHECK(number("0e999") == 0);
  CHECK(number("-1e999") == -std::numeric_limits<double>::infinity());
}

TEST_CASE("json: it prints as JSON.stringify does") {
  CHECK(json::print(8.5) == "8.5");
  CHECK(json::print(8.0) == "8");
  CHECK(json::print(-0.25) == "-0.25");
  CHECK(json::print(1.0 / 3) == "0.3333333333333333");
  CHECK(json::print(std::string_view("a\"\n\\é")) == R"("a\"\n\\é")");
  const char* const text = R"({"a":[1,8.5,"x",null,true,{}],"b":{"c":[]}})";
  CHECK(json::print(parsed(text)) == text);
}

}  // namespace
}  // namespace claimcheck
