#include "report/sales.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace claimcheck {

namespace {

// The parts of a count's name, "sold:usd:price_1" or "tool:sold:usd:cat-video"; a price may hold
// colons itself.
enum class MoneyKind : std::uint8_t { sold, refunded, cost };
struct MoneyName {
  MoneyKind kind = MoneyKind::sold;
  std::string_view currency;
  std::string_view name;  // of the price, or of the tool
  bool by_tool = false;
};

std::optional<MoneyName> money_name(std::string_view name) {
  constexpr std::string_view of_tool = "tool:";
  const bool by_tool = name.starts_with(of_tool);
  if (by_tool) name.remove_prefix(of_tool.size());
  const std::size_t first = name.find(':');
  const std::size_t second = first == name.npos ? name.npos : name.find(':', first + 1);
  if (second == name.npos) return std::nullopt;
  const std::string_view what = name.substr(0, first);
  MoneyKind kind = MoneyKind::sold;
  if (what == "refunded") kind = MoneyKind::refunded;
  if (what == "cost") kind = MoneyKind::cost;
  if (kind == MoneyKind::sold && what != "sold") return std::nullopt;
  return MoneyName{.kind = kind,
                   .currency = name.substr(first + 1, second - first - 1),
                   .name = name.substr(second + 1),
                   .by_tool = by_tool};
}

std::string title_of_price(std::string_view price, const Catalog& catalog, const ShopFace& face) {
  if (const std::string_view title = face.title_of(price); !title.empty()) {
    return std::string(title);
  }
  const Price* const known = catalog.price(price);
  const Tool* const tool = known == nullptr ? nullptr : catalog.tool(known->tool);
  return tool == nullptr || tool->title.empty() ? std::string(price) : tool->title;
}

std::string title_of_tool(std::string_view slug, const Catalog& catalog) {
  const Tool* const tool = catalog.tool(slug);
  return tool == nullptr || tool->title.empty() ? std::string(slug) : tool->title;
}

void add(MoneySums& sums, MoneyKind kind, bool before, std::int64_t amount) {
  switch (kind) {
    case MoneyKind::sold: (before ? sums.soldBefore : sums.sold) += amount; return;
    case MoneyKind::refunded: (before ? sums.refundedBefore : sums.refunded) += amount; return;
    case MoneyKind::cost: (before ? sums.costMicrosBefore : sums.costMicros) += amount; return;
  }
}

CurrencySales& of_currency(Sales& sales, std::string_view currency) {
  auto& all = sales.currencies;
  const auto known = std::ranges::find(all, currency, &CurrencySales::currency);
  if (known != all.end()) return *known;
  all.emplace_back().currency = currency;
  return all.back();
}

// `member` holds the name: ProductSales::price, ToolSales::tool.
template <class Row>
Row& row_of(std::vector<Row>& rows, std::string Row::* member, const MoneyName& money) {
  const auto known = std::ranges::find_if(rows, [&](const Row& one) {
    return one.currency == money.currency && one.*member == money.name;
  });
  if (known != rows.end()) return *known;
  Row& added = rows.emplace_back();
  added.currency = money.currency;
  added.*member = money.name;
  return added;
}

// By currency first: amounts of two currencies have no order.
template <class Row>
void most_sold_first(std::vector<Row>& rows, std::string Row::* member) {
  std::ranges::sort(rows, [member](const Row& a, const Row& b) {
    if (a.currency != b.currency) return a.currency < b.currency;
    return a.sold != b.sold ? a.sold > b.sold : a.*member < b.*member;
  });
}

void add_bucket(Sales& sales, const StatsBucket& bucket, bool before) {
  for (const auto& [name, value] : bucket.values) {
    if (name == "created") (before ? sales.startedBefore : sales.started) += value;
    if (name == "paid") (before ? sales.paidBefore : sales.paid) += value;
    const auto money = money_name(name);
    if (!money) continue;
    if (money->by_tool) {
      add(row_of(sales.tools, &ToolSales::tool, *money), money->kind, before, value);
      continue;
    }
    add(of_currency(sales, money->currency), money->kind, before, value);
    add(row_of(sales.products, &ProductSales::price, *money), money->kind, before, value);
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
    product.title = title_of_price(product.price, catalog, face);
  }
  for (ToolSales& tool : sales.tools) tool.title = title_of_tool(tool.tool, catalog);
  most_sold_first(sales.products, &ProductSales::price);
  most_sold_first(sales.tools, &ToolSales::tool);
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
