#include "report/sales.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace claimcheck {

namespace {

// The parts of a count's name, "sold:usd:price_1"; a price may hold colons itself.
struct MoneyName {
  bool sold = false;
  std::string_view currency;
  std::string_view price;
};

std::optional<MoneyName> money_name(std::string_view name) {
  const std::size_t first = name.find(':');
  const std::size_t second = first == name.npos ? name.npos : name.find(':', first + 1);
  if (second == name.npos) return std::nullopt;
  const std::string_view what = name.substr(0, first);
  if (what != "sold" && what != "refunded") return std::nullopt;
  return MoneyName{.sold = what == "sold",
                   .currency = name.substr(first + 1, second - first - 1),
                   .price = name.substr(second + 1)};
}

std::string title_of(std::string_view price, const Catalog& catalog, const ShopFace& face) {
  if (const std::string_view title = face.title_of(price); !title.empty()) {
    return std::string(title);
  }
  const Price* const known = catalog.price(price);
  const Tool* const tool = known == nullptr ? nullptr : catalog.tool(known->tool);
  return tool == nullptr || tool->title.empty() ? std::string(price) : tool->title;
}

void add(MoneySums& sums, bool sold, bool before, std::int64_t amount) {
  if (before) {
    (sold ? sums.soldBefore : sums.refundedBefore) += amount;
  } else {
    (sold ? sums.sold : sums.refunded) += amount;
  }
}

CurrencySales& of_currency(Sales& sales, std::string_view currency) {
  auto& all = sales.currencies;
  const auto known = std::ranges::find(all, currency, &CurrencySales::currency);
  if (known != all.end()) return *known;
  all.emplace_back().currency = currency;
  return all.back();
}

ProductSales& of_product(Sales& sales, const MoneyName& name) {
  auto& all = sales.products;
  const auto known = std::ranges::find_if(all, [&name](const ProductSales& one) {
    return one.currency == name.currency && one.price == name.price;
  });
  if (known != all.end()) return *known;
  ProductSales& added = all.emplace_back();
  added.currency = name.currency;
  added.price = name.price;
  return added;
}

void add_bucket(Sales& sales, const StatsBucket& bucket, bool before) {
  for (const auto& [name, value] : bucket.values) {
    if (name == "created") (before ? sales.startedBefore : sales.started) += value;
    if (name == "paid") (before ? sales.paidBefore : sales.paid) += value;
    const auto money = money_name(name);
    if (!money) continue;
    add(of_currency(sales, money->currency), money->sold, before, value);
    add(of_product(sales, *money), money->sold, before, value);
  }
}

}  // namespace

Sales sales_of(const std::vector<StatsBucket>& hours, Time now, const Catalog& catalog,
               const ShopFace& face) {
  Sales sales;
  const StatsShape& shape = shape_of(StatsRange::month);
  const Time begin = bucket_of(shape, now) - (sales_hours - 1) * shape.step;
  const Time before = begin - sales_hours * shape.step;
  for (const StatsBucket& bucket : hours) {
    if (bucket.start >= before) add_bucket(sales, bucket, bucket.start < begin);
  }
  for (ProductSales& product : sales.products) {
    product.title = title_of(product.price, catalog, face);
  }
  // By currency first: amounts of two currencies have no order.
  std::ranges::sort(sales.products, [](const ProductSales& a, const ProductSales& b) {
    if (a.currency != b.currency) return a.currency < b.currency;
    return a.sold != b.sold ? a.sold > b.sold : a.price < b.price;
  });
  std::ranges::sort(sales.currencies, {}, &CurrencySales::currency);
  return sales;
}

boost::asio::awaitable<Result<Sales>> read_sales(Context& context, const ShopFace& face) {
  const Time now = context.clock.now();
  const Result<std::vector<StatsBucket>> hours =
      co_await context.store.counts->stats(StatsRange::month, now, 2 * sales_hours);
  if (!hours) co_return fail(hours);
  co_return sales_of(*hours, now, context.catalog, face);
}

}  // namespace claimcheck
