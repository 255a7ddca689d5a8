// Who gets an error as a page, and who as JSON.
#include "api/page_routes.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

bool wants_page(const std::string& accept, const std::string& method = "GET") {
  return prefers_html({.method = method, .headers = {{"accept", accept}}});
}

TEST_CASE("a browser that opens an address prefers a page, a program does not") {
  CHECK(wants_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
  CHECK(wants_page("text/html", "HEAD"));
  CHECK(wants_page("application/json;q=0.5 , text/html;level=1; q=0.7"));
  CHECK_FALSE(wants_page("text/html", "POST"));
  CHECK_FALSE(wants_page(""));
  CHECK_FALSE(wants_page("*/*"));
  CHECK_FALSE(wants_page("application/json"));
  CHECK_FALSE(wants_page("application/json, text/html;q=0.9"));
  CHECK_FALSE(wants_page("text/html;q=0"));
  CHECK_FALSE(wants_page("text/html;q=x"));
  CHECK_FALSE(wants_page("text/htmlx,;;,,q=1"));
}

}  // namespace
}  // namespace claimcheck
