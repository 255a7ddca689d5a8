// Sales: what was sold and refunded and what generators cost, by currency, product and tool, and
// how many of the checkouts were paid: the last 24 hours beside the 24 hours before them. Read from
// the counts over time, by whole hours, so the present hour is still growing. Sums of different
// currencies are never added. The counts are hints: the books are `claimcheck audit`.
#pragma once

#include "base/json_described.hpp"
#include "domain/shop_face.hpp"
#include "flow/context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

inline constexpr std::int64_t sales_hours = 24;

// Names and order of all members here are the contract with the operator's page. Amounts are in the
// currency's smallest unit.
struct MoneySums {
  std::int64_t sold = 0;
  std::int64_t refunded = 0;
  std::int64_t soldBefore = 0;
  std::int64_t refundedBefore = 0;
  // What jobs cost at generators, as far as it is known; in millionths of the currency.
  std::int64_t costMicros = 0;
  std::int64_t costMicrosBefore = 0;
};
BOOST_DESCRIBE_STRUCT(MoneySums, (),
                      (sold, refunded, soldBefore, refundedBefore, costMicros, costMicrosBefore))

struct CurrencySales : MoneySums {
  std::string currency;
};
BOOST_DESCRIBE_STRUCT(CurrencySales, (MoneySums), (currency))

// `price` is "other" for what is not among the first configured prices.
struct ProductSales : MoneySums {
  std::string currency;
  std::string price;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(ProductSales, (MoneySums), (currency, price, title))

// `tool` is "other" for what is not among the first configured tools.
struct ToolSales : MoneySums {
  std::string currency;
  std::string tool;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(ToolSales, (MoneySums), (currency, tool, title))

struct Sales {
  std::int64_t hours = sales_hours;
  std::int64_t started = 0;  // checkouts
  std::int64_t paid = 0;     // orders
  std::int64_t startedBefore = 0;
  std::int64_t paidBefore = 0;
  std::vector<CurrencySales> currencies;
  std::vector<ProductSales> products;  // most sold first
  std::vector<ToolSales> tools;        // likewise
};
BOOST_DESCRIBE_STRUCT(Sales, (),
                      (hours, started, paid, startedBefore, paidBefore, currencies, products,
                       tools))

// Of buckets of an hour. Pure.
Sales sales_of(const std::vector<StatsBucket>& hours, Time now, const Catalog& catalog,
               const ShopFace& face);

// One round trip. Errors: Redis'.
boost::asio::awaitable<Result<Sales>> read_sales(Context& context, const ShopFace& face);

}  // namespace claimcheck
