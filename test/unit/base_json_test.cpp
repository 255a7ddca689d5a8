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

TEST_CASE("json: a caller's body is an object in which no member is given twice") {
  for (const char* text : {R"({})", R"({"a":{"a":"a:a"},"b":[{"a":":\"a\":"},{"a":1}]})",
                           R"({"":0," ":0,"\\":":"})"}) {
    CAPTURE(std::string(text));
    CHECK(json::parse_body(text).has_value());
  }
  struct Row {
    std::string text;
    std::string_view why;
  };
  const std::string deep = R"({"secret":)" + std::string(32, '[') + std::string(32, ']') + '}';
  const Row rows[] = {
      {R"({"secret":1,"secret":1})", "the body is JSON in which a member is given twice"},
      {R"({"a":[{"b":1,"c":2,"\u0062":3}]})", "the body is JSON in which a member is given twice"},
      {R"({"a":{"b":1},"a":{"c":1}})", "the body is JSON in which a member is given twice"},
      {R"([{"secret":1}])", "the body must be a JSON object"},
      {deep, "the body is JSON nested deeper than 32 levels"},
      {R"({"secret")", "the body is not JSON: incomplete JSON"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto body = json::parse_body(row.text);
    REQUIRE_FALSE(body.has_value());
    CHECK(body.error().code == Errc::invalid);
    CHECK(body.error().message == row.why);
  }
}

TEST_CASE("json: a number is read as the nearest double, whatever its spelling") {
  const auto number = [](std::string_view text) { return parsed(text).to_number<double>(); };
  CHECK(number("9.007606831596423") == 9.007606831596423);
  CHECK(number("1.3e-228") == 1.3e-228);
  CHECK(number("0e999") == 0);
  CHECK(number("-1e999") == -std::numeric_limits<double>::infinity());
}

TEST_CASE("json: a whole number is one however it is spelled; no other is") {
  for (const char* two : {"2", "2.0", "2e0", "0.2e1", "200e-2"}) {
    CAPTURE(std::string(two));
    CHECK(json::integer(parsed(two)) == 2);
    CHECK(json::integer_at(parsed(R"({"n":)" + std::string(two) + "}"), "n") == 2);
  }
  CHECK(json::integer(parsed("-9223372036854775808")) == std::numeric_limits<std::int64_t>::min());
  CHECK(json::integer(parsed("9007199254740992.0")) == 9007199254740992);
  for (const char* none :
       {"2.5", "1e16", "-1e999", "18446744073709551615", "\"2\"", "null", "true", "[2]"}) {
    CAPTURE(std::string(none));
    CHECK_FALSE(json::integer(parsed(none)));
  }
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
