// The orders of a list as CSV: cells that spreadsheets and programs read the same, and an end that
// says when it is none.
#include "report/order_csv.hpp"
#include "support/order_world.hpp"
#include "support/store_subjects.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

const ShopFace no_face;
constexpr int started_s = 1'790'000'000;

TEST_CASE("order csv: a cell is quoted when it must be, and never a formula") {
  CHECK(csv_cell("plain") == "plain");
  // Where cells are separated by semicolons, what follows one is a cell of its own.
  CHECK(csv_cell("cat;=1+1; @x; fine") == "cat;'=1+1; '@x; fine");
  CHECK(csv_cell("") == "");
  CHECK(csv_cell("a, \"b\"") == R"("a, ""b""")");
  CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
  for (const std::string formula : {"=1+1", "+1", "-1", "@sum", "\tx"}) {
    CAPTURE(formula);
    CHECK(csv_cell(formula) == "'" + formula);
  }
  CHECK(csv_cell("=cmd|'/c \"calc\"'!A1, 2") == R"("'=cmd|'/c ""calc""'!A1, 2")");
  CHECK(csv_cell("ada@example.com") == "ada@example.com");
}

TEST_CASE("order csv: an order is one record with its money in words of its currency") {
  Claim claim;
  claim.state = OrderState::done;
  claim.created_us = to_us(from_unix_s(started_s));
  claim.paid_us = claim.created_us;
  claim.quantity = 2;
  claim.price = "price_1";
  claim.amount_minor = 1900;
  claim.currency = "usd";
  claim.units.resize(2);
  claim.units[0].state = UnitState::delivered;
  claim.units[1].state = UnitState::refunded;
  claim.units[1].refund = "re_1";
  const ShownOrder order{.session_id = "cs_test_a",
                         .claim = claim,
                         .held_since = {},
                         .gist = {.title = "Two, please", .prompt = "=A cat", .email = "a@b.c"}};
  CHECK(csv_record(order) ==
        "2026-09-21T14:13:20.000Z,2026-09-21T14:13:20.000Z,done,\"Two, please\",2,19.00,9.50,USD,"
        "2,1,a@b.c,'=A cat,,price_1,,cs_test_a\r\n");
  const ShownOrder broken{
      .session_id = "cs_test_b", .claim = fail(Errc::unreadable, "no number"), .held_since = {}};
  CHECK(csv_record(broken) == ",,unreadable,,,,,,,,,,no number,,,cs_test_b\r\n");
}

void fill(OrderWorld& world, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("cs_test_{:04}", i);
    NewOrder order = new_order(id, std::nullopt);
    const Time created = from_unix_s(started_s + i);
    order.claim.created_us = to_us(created);
    REQUIRE(good(world.run(world.store.orders->create(std::move(order)))));
    good(world.run(world.store.lists->remember(id, created)));
  }
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST_CASE("order csv: all pages are in one file, or its last record says that it was cut") {
  OrderWorld world;
  fill(world, 250);
  OrderSearch search(world.context, no_face);
  const OrderCsv all = good(world.run(csv_of(search, OrderFilter::all, {})));
  CHECK(all.orders == 250);
  CHECK(all.cut.empty());
  CHECK(lines_of(all.text) == 251);
  CHECK(all.text.starts_with("created,paid,state,product,"));
  const OrderCsv cut = good(world.run(csv_of(search, OrderFilter::all, {}, 120)));
  CHECK(cut.orders == 120);
  CHECK(cut.cut.starts_with("this file is not complete: it ends after 120 orders"));
  CHECK(lines_of(cut.text) == 122);
  // The whole list and no more: nothing was left out, so nothing is said.
  CHECK(good(world.run(csv_of(search, OrderFilter::unpaid, {}))).orders == 0);
}

TEST_CASE("order list: only the orders of the days that were asked for are read") {
  OrderWorld world;
  fill(world, 250);
  OrderSearch search(world.context, no_face);
  const Created days{.from = from_unix_s(started_s + 10), .until = from_unix_s(started_s + 20)};
  const OrderPage page = good(world.run(search.list(OrderFilter::all, "", 50, days)));
  REQUIRE(page.orders.size() == 10);
  CHECK(page.orders.front().session_id == "cs_test_0019");
  CHECK(page.orders.back().session_id == "cs_test_0010");
  CHECK(page.searched == 10);
  CHECK(page.next.empty());
  const OrderPage first = good(world.run(search.list(OrderFilter::all, "", 4, days)));
  const OrderPage second = good(world.run(search.list(OrderFilter::all, first.next, 40, days)));
  CHECK(second.orders.size() == 6);
  CHECK(second.next.empty());
  const auto held = world.run(search.list(OrderFilter::held, "", 50, days));
  CHECK(held.error().code == Errc::invalid);
}

}  // namespace
}  // namespace claimcheck::test
