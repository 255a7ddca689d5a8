// A list of orders as CSV, for spreadsheets and books: RFC 4180, UTF-8, a heading and one record
// for each order. A cell that a spreadsheet would take for a formula begins with an apostrophe.
// Bounded: a list that is longer is cut, and its last record says so.
#pragma once

#include "report/order_list.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

inline constexpr std::size_t csv_orders_max = 10'000;
inline constexpr std::size_t csv_searched_max = 100'000;  // claims that are read for one file

struct OrderCsv {
  std::string text;
  std::size_t orders = 0;
  std::string cut;  // why not all are in it, a sentence; empty = all are
};

// Errors: as of OrderSearch::list(); a file is complete, cut with a note, or not made.
boost::asio::awaitable<Result<OrderCsv>> csv_of(OrderSearch& search, OrderFilter filter,
                                                Created created,
                                                std::size_t orders_max = csv_orders_max);

std::string csv_heading();
std::string csv_record(const ShownOrder& order);
// One cell: quoted when it has to be, and no formula.
std::string csv_cell(std::string_view text);

}  // namespace claimcheck
