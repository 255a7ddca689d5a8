// JSON out of described structs: order, numbers, null, what is left out, and texts of any kind.
#include "base/json_described.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <doctest/doctest.h>

namespace claimcheck {
namespace {

enum class Size { small, large };
BOOST_DESCRIBE_ENUM(Size, small, large)

struct Inner {
  std::string name;
  Size size = Size::small;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, size))

struct Outer {
  std::int64_t whole = 0;
  double part = 0;
  bool yes = false;
  std::optional<std::string> left_out;
  json::OrNull<std::string> none;
  std::vector<Inner> list;
  std::optional<std::vector<Size>> sizes;
  json::Members<std::int64_t> named;
  json::Raw raw;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (whole, part, yes, left_out, none, list, sizes, named, raw))

struct Wider : Inner {
  int more = 0;
};
BOOST_DESCRIBE_STRUCT(Wider, (Inner), (more))

struct Moments {
  Time then;
  json::OrNull<Time> never;
  json::OrNull<Time> once;
};
BOOST_DESCRIBE_STRUCT(Moments, (), (then, never, once))

struct Either {
  std::variant<Inner, Moments> one;
};
BOOST_DESCRIBE_STRUCT(Either, (), (one))

TEST_CASE("described JSON: members stand in the described order; absent is not null") {
  Outer outer;
  outer.raw = {"[1, 2]"};
  CHECK(json::print(outer) ==
        R"({"whole":0,"part":0,"yes":false,"none":null,"list":[],"named":{},"raw":[1, 2]})");
  outer = {.whole = -9'007'199'254'740'993,
           .part = 8.5,
           .yes = true,
           .left_out = "",
           .none = std::string("x"),
           .list = {{"a", Size::large}, {"b", Size::small}},
           .sizes = std::vector{Size::small, Size::large},
           .named = {{"b", 1}, {"a", 2}},
           .raw = {"null"}};
  CHECK(json::print(outer) ==
        R"({"whole":-9007199254740993,"part":8.5,"yes":true,"left_out":"","none":"x",)"
        R"("list":[{"name":"a","size":"large"},{"name":"b","size":"small"}],)"
        R"("sizes":["small","large"],"named":{"b":1,"a":2},"raw":null})");
}

TEST_CASE("described JSON: the members of a base come first, as its own") {
  CHECK(json::print(Wider{{"x", Size::large}, 3}) == R"({"name":"x","size":"large","more":3})");
}

TEST_CASE("described JSON: a moment is ISO 8601, and a stored 0 is none") {
  const Moments moments{.then = from_unix_s(1'790'000'000),
                        .never = json::moment(0),
                        .once = json::moment(1'790'000'000'123'000)};
  CHECK(json::print(moments) == R"({"then":"2026-09-21T14:13:20.000Z","never":null,)"
                                R"("once":"2026-09-21T14:13:20.123Z"})");
}

TEST_CASE("described JSON: a variant is what it holds") {
  CHECK(json::print(Either{Inner{"x", Size::small}}) == R"({"one":{"name":"x","size":"small"}})");
}

TEST_CASE("described JSON: whatever stands in a text, a reader gets the same text") {
  const std::string text = std::string("\"\\/\b\f\n\r\t\x01\x7f\0", 11) + "é€😀</script>";
  const json::Members<std::string> named = {{text, text}};
  std::string printed;
  json::append(printed, named);
  const auto read = json::parse(printed);
  REQUIRE(read);
  REQUIRE(read->is_object());
  CHECK(json::text_at(*read, text) == text);
}

}  // namespace
}  // namespace claimcheck
