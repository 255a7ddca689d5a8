#include "sandbox/form.hpp"

#include <doctest/doctest.h>

using namespace claimcheck;
using namespace claimcheck::sandbox;

namespace {

std::string tree(std::string_view text) {
  const Result<Object> parsed = parse_form(text);
  return parsed ? compact(*parsed) : "refused";
}

}  // namespace

TEST_CASE("sandbox form: brackets become a tree") {
  CHECK(tree("mode=payment") == R"({"mode":"payment"})");
  CHECK(tree("line_items[0][price]=p&line_items[0][quantity]=2&line_items[1][price]=q") ==
        R"({"line_items":[{"price":"p","quantity":"2"},{"price":"q"}]})");
  CHECK(tree("expand[]=a&expand[]=b") == R"({"expand":["a","b"]})");
  CHECK(tree("metadata[order]=7&created[gte]=1") ==
        R"({"metadata":{"order":"7"},"created":{"gte":"1"}})");
  CHECK(tree("") == "{}");
}

TEST_CASE("sandbox form: names and values are decoded once") {
  CHECK(tree("success_url=https%3A%2F%2Fx%2F%7BCHECKOUT_SESSION_ID%7D") ==
        R"({"success_url":"https://x/{CHECKOUT_SESSION_ID}"})");
  CHECK(tree("metadata%5Bk%5D=a+b%26c%3Dd") == R"({"metadata":{"k":"a b&c=d"}})");
  CHECK(tree("a=%2541") == R"({"a":"%41"})");
}

TEST_CASE("sandbox form: what cannot be a tree is refused") {
  CHECK(tree("a=1&a[b]=2") == "refused");
  CHECK(tree("a[b]=2&a=1") == "refused");
  CHECK(tree("a[b=1") == "refused");
  CHECK(tree("a[b]c=1") == "refused");
  CHECK(tree("a[b][b][b][b][b][b][b][b]=1") == "refused");
}
