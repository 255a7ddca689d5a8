#include "report/order_csv.hpp"

#include "domain/margin.hpp"
#include "domain/names.hpp"
#include "domain/order_totals.hpp"
#include "report/order_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

constexpr std::array<std::string_view, 16> columns = {
    "created", "paid",      "state", "product", "quantity", "amount", "refunded", "currency",
    "videos",  "delivered", "email", "prompt",  "why",      "price",  "cost",     "session"};
constexpr std::string_view line_end = "\r\n";
// Of one page: its claims are one round trip.
constexpr std::size_t page_orders = 100;

std::string record(const std::array<std::string, columns.size()>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    line += csv_cell(cell);
  }
  return line.append(line_end);
}

std::string moment(std::int64_t us) { return us == 0 ? "" : to_iso(from_us(us)); }

// "19.00 USD" without its currency, which has a column of its own.
std::string amount(std::int64_t minor, const std::string& currency) {
  const std::string text = money_text({minor, currency}, '.');
  return text.substr(0, text.find(' '));
}

// With its currency, since it need not be the order's: "1.20 USD".
std::string cost_text(const Claim& claim) {
  std::string text;
  for (const ProviderCost& cost : costs_of(claim)) {
    text += (text.empty() ? "" : ", ") + micros_text(cost.micros, cost.currency);
  }
  return text;
}

// A person who opens the file must see that it ends too early.
std::string cut_record(const std::string& why) {
  std::array<std::string, columns.size()> cells;
  cells.front() = why;
  return record(cells);
}

}  // namespace

std::string csv_cell(std::string_view text) {
  // Where programs for tables separate cells by semicolons, what follows one begins a cell as well.
  std::string cell;
  bool begins = true;
  for (const char c : text) {
    if (begins && std::string_view("=+-@\t\r").contains(c)) cell += '\'';
    cell += c;
    begins = c == ';' || c == '\t' || (begins && c == ' ');
  }
  if (cell.find_first_of(",\"\r\n") == cell.npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string csv_heading() { return fmt::format("{}{}", fmt::join(columns, ","), line_end); }

std::string csv_record(const ShownOrder& order) {
  std::array<std::string, columns.size()> cells;
  cells.back() = order.session_id;
  if (!order.claim) {
    cells[2] = "unreadable";
    cells[12] = order.claim.error().message;
    return record(cells);
  }
  const Claim& claim = *order.claim;
  const auto delivered = std::ranges::count(claim.units, UnitState::delivered, &Unit::state);
  const std::int64_t refunded = totals_of(claim).refunded;
  std::string currency = claim.currency;
  std::ranges::transform(currency, currency.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  cells = {moment(claim.created_us),
           moment(claim.paid_us),
           std::string(is_held(claim) ? "held" : name_of(claim.state)),
           order.gist.title,
           fmt::to_string(claim.quantity),
           amount(claim.amount_minor, claim.currency),
           amount(refunded, claim.currency),
           currency,
           fmt::to_string(claim.units.size()),
           fmt::to_string(delivered),
           order.gist.email,
           order.gist.prompt,
           reason_of(claim),
           claim.price,
           cost_text(claim),
           order.session_id};
  return record(cells);
}

boost::asio::awaitable<Result<OrderCsv>> csv_of(OrderSearch& search, OrderFilter filter,
                                                Created created, std::size_t orders_max) {
  OrderCsv csv{.text = csv_heading(), .orders = 0, .cut = {}};
  std::string before;
  std::size_t searched = 0;
  for (;;) {
    const std::size_t some = std::min(page_orders, orders_max - csv.orders);
    const Result<OrderPage> page = co_await search.list(filter, before, some, created);
    if (!page) co_return fail(page);
    for (const ShownOrder& order : page->orders) csv.text += csv_record(order);
    csv.orders += page->orders.size();
    searched += page->searched;
    before = page->next;
    if (before.empty()) co_return csv;
    if (csv.orders >= orders_max || searched >= csv_searched_max) break;
  }
  csv.cut = fmt::format("this file is not complete: it ends after {} orders ({} were read){}",
                        csv.orders, searched, has_dates(filter) ? "; ask for fewer days" : "");
  csv.text += cut_record(csv.cut);
  co_return csv;
}

}  // namespace claimcheck
