// The signed link to all orders of an address: whom it is for, and what is no link of ours.
#include "domain/orders_link.hpp"

#include <doctest/doctest.h>

#include <array>

namespace claimcheck {
namespace {

const std::string id = "cs_test_order";
const Secret old_key("whsec_old");
const Secret new_key("whsec_new");
const Time until = from_unix_s(1'800'000'000);
const std::string link = orders_link(id, until, "Ada@Example.com", old_key);

TEST_CASE("orders link: holds the order and the end, and no address") {
  const auto read = orders_link_in(link);
  REQUIRE(read);
  CHECK(read->session_id == id);
  CHECK(read->until == until);
  CHECK_FALSE(link.contains("xample"));
}

TEST_CASE("orders link: is signed for one address, one order and one end") {
  const std::array keys = {new_key, old_key};
  OrdersLink read = orders_link_in(link).value();
  CHECK(is_signed(read, "ada@example.com", keys));
  CHECK_FALSE(is_signed(read, "eve@example.com", keys));
  CHECK_FALSE(is_signed(read, "ada@example.com", std::array{new_key}));
  CHECK_FALSE(is_signed(read, "ada@example.com", {}));
  OrdersLink longer = read;
  longer.until += std::chrono::hours(1);
  CHECK_FALSE(is_signed(longer, "ada@example.com", keys));
  OrdersLink other = read;
  other.session_id = "cs_test_other";
  CHECK_FALSE(is_signed(other, "ada@example.com", keys));
}

TEST_CASE("orders link: other texts are no link") {
  for (const char* text : {"", ".", "..", "cs_test_a", "cs_test_a.1", "x.1.ab", "cs_test_a.x.ab",
                           "cs_test_a.1x.ab", "cs_test_a.-1.ab", "cs_test_a..ab",
                           "cs_test_a.99999999999999999999.ab", "cs_test_a.9999999999999.ab"}) {
    CAPTURE(text);
    CHECK_FALSE(orders_link_in(text));
  }
}

}  // namespace
}  // namespace claimcheck
