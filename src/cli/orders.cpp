#include "cli/orders.hpp"

#include "base/text.hpp"
#include "cli/person.hpp"
#include "cli/store.hpp"
#include "cli/story.hpp"
#include "domain/names.hpp"
#include "flow/held_decision.hpp"
#include "report/order_csv.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <unistd.h>

namespace claimcheck {

namespace {

ExitCode wrong_use(std::string_view why) {
  std::cerr << "claimcheck: " << why << '\n';
  return ExitCode::usage;
}

// Line by line, as they stand in the file.
std::string printable_lines(std::string_view text) {
  constexpr std::string_view line_end = "\r\n";
  std::string shown;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(line_end), text.size());
    shown += printable(text.substr(0, end)) + '\n';
    text.remove_prefix(std::min(end + line_end.size(), text.size()));
  }
  return shown;
}

boost::asio::awaitable<ExitCode> write_csv(const Config& config, OrderFilter filter,
                                           std::optional<std::int64_t> days, Store& store,
                                           Clock& clock) {
  Story story(co_await boost::asio::this_coro::executor, config, store, clock);
  OrderSearch search(story.context, config.shop);
  Created created;
  if (days) created.from = clock.now() - std::chrono::days(*days);
  const Result<OrderCsv> csv = co_await csv_of(search, filter, created);
  if (!csv) co_return complain(csv.error());
  // A terminal obeys what a buyer may have written; a file keeps it.
  std::cout << (isatty(STDOUT_FILENO) == 1 ? printable_lines(csv->text) : csv->text);
  // A program that reads the file need not look for the last record.
  if (csv->cut.empty()) co_return ExitCode::ok;
  std::cerr << "claimcheck: " << csv->cut << '\n';
  co_return ExitCode::failed;
}

struct HeldOrder {
  std::string session_id;
  std::int64_t version = 0;
  std::string currency;
  HeldPart part;
};

// All of them, page by page, those that wait longest first.
boost::asio::awaitable<Result<std::vector<HeldOrder>>> held_orders(Context& context,
                                                                   const ShopFace& face) {
  OrderSearch search(context, face);
  std::vector<HeldOrder> held;
  std::string before;
  do {
    Result<OrderPage> page =
        co_await search.list(OrderFilter::held, before, orders_per_page, Created());
    if (!page) co_return fail(page);
    for (ShownOrder& order : page->orders) {
      if (!order.held) continue;  // it cannot be read: `session list` shows why
      held.push_back({.session_id = std::move(order.session_id),
                      .version = order.claim->version,
                      .currency = order.claim->currency,
                      .part = std::move(*order.held)});
    }
    before = std::move(page->next);
  } while (!before.empty());
  co_return held;
}

struct Cause {
  std::size_t orders = 0;
  std::map<std::string, std::int64_t> sums;  // by currency
};

void print_causes(const std::vector<HeldOrder>& held) {
  std::map<std::string, Cause> causes;
  for (const HeldOrder& order : held) {
    Cause& cause = causes[order.part.cause];
    ++cause.orders;
    cause.sums[order.currency] += order.part.amount_minor;
  }
  for (const auto& [name, cause] : causes) {
    std::vector<std::string> sums;
    for (const auto& [currency, sum] : cause.sums)
      sums.push_back(short_money_text({sum, currency}));
    std::cout << fmt::format("{:>6}  {:>12}  {}\n", cause.orders, fmt::join(sums, " + "),
                             printable(name));
  }
  if (held.empty()) std::cerr << "claimcheck: no order is held for a person\n";
}

ExitCode print_results(const std::vector<HeldResult>& results, CommandKind kind) {
  bool all = true;
  for (const HeldResult& one : results) {
    all &= one.done && one.code.empty();
    const std::string_view word = !one.done          ? "not done"
                                  : one.code.empty() ? "done"
                                                     : "partly done";
    std::cout << fmt::format("{}  {}", word, one.id);
    if (!one.code.empty()) std::cout << fmt::format("  ({}): {}", one.code, printable(one.why));
    std::cout << '\n';
  }
  std::cout << consequence(kind) << '\n';
  return all ? ExitCode::ok : ExitCode::failed;
}

boost::asio::awaitable<ExitCode> decide(const Config& config, const HeldCommand& command,
                                        std::optional<OperatorAction> action, Store& store,
                                        Clock& clock) {
  Story story(co_await boost::asio::this_coro::executor, config, store, clock);
  const auto held = co_await held_orders(story.context, config.shop);
  if (!held) co_return complain(held.error());
  if (!action) {
    print_causes(*held);
    co_return ExitCode::ok;
  }
  const CommandKind kind = action->command.kind;
  HeldDecision decision{.kind = kind,
                        .cause = command.cause,
                        .note = action->note,
                        .by = person_at_command_line(),
                        .orders = {}};
  std::size_t more = 0;
  for (const HeldOrder& order : *held) {
    if (order.part.cause != command.cause) continue;
    if (decision.orders.size() == held_decided_max) {
      ++more;
    } else {
      decision.orders.push_back({.session_id = order.session_id, .version = order.version});
    }
  }
  if (decision.orders.empty()) {
    std::cerr
        << "claimcheck: no order is held for this cause; claimcheck session held lists them\n";
    co_return ExitCode::not_found;
  }
  const ExitCode code = print_results(co_await decide_held(story.context, decision), kind);
  if (more > 0) std::cerr << fmt::format("claimcheck: {} more wait: run it again\n", more);
  co_return code;
}

}  // namespace

ExitCode run_csv_command(const Config& config, const CsvCommand& command) {
  const auto filter = from_name<OrderFilter>(command.filter);
  if (!filter) {
    return wrong_use(
        "--filter is held, disputed, waiting, working, delivered, refunded, unpaid or all");
  }
  if (command.days && !has_dates(*filter)) {
    return wrong_use(fmt::format("{} orders are not listed by days", command.filter));
  }
  return run_on_store_as_server(config, [&](Store& store, Clock& clock) {
    return write_csv(config, *filter, command.days, store, clock);
  });
}

ExitCode run_held_command(const Config& config, const HeldCommand& command) {
  std::optional<OperatorAction> action;
  if (!command.action.empty()) {
    auto read = read_action(
        {.action = command.action, .unit = {}, .all = false, .url = {}, .note = command.note});
    const CommandKind kind = read ? read->command.kind : CommandKind::look;
    if (!read && read.error().param == "note") return wrong_use(read.error().message);
    if (!is_for_many(kind)) {
      return wrong_use("session held: the action is retry, resubmit or refund");
    }
    if (command.cause.empty()) {
      return wrong_use("session held: --cause names what they are held for, as it is listed");
    }
    action = std::move(*read);
  }
  // As the server: decisions are stored with the time and the durability of its own writes.
  return run_on_store_as_server(config, [&](Store& store, Clock& clock) {
    return decide(config, command, action, store, clock);
  });
}

}  // namespace claimcheck
