#include "cli/audit.hpp"

#include "base/json_described.hpp"
#include "base/text.hpp"
#include "cli/store.hpp"
#include "domain/margin.hpp"
#include "domain/money.hpp"
#include "flow/audit.hpp"
#include "flow/stripe_pace.hpp"
#include "net/http/client.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <utility>

namespace claimcheck {

namespace {

// One form for head and rows, so the columns cannot shift.
constexpr const char* columns = "{:<9}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}\n";

// Stripe alone knows neither which money is held nor which is disputed. Without a register it knows
// no deliveries either.
std::string line(const char* whose, const OrderTotals& book, const std::string& currency,
                 bool registered, bool in_redis) {
  const auto text = [&currency](std::int64_t minor) {
    return amount_text({.amount_minor = minor, .currency = currency}, '.');
  };
  return fmt::format(columns, whose, text(book.paid), registered ? text(book.delivered) : "?",
                     text(book.refunded), registered ? text(book.open) : "?",
                     in_redis ? text(book.held) : "-", in_redis ? text(book.disputed) : "-");
}

OrderTotals totals_in(const std::map<std::string, OrderTotals>& books,
                      const std::string& currency) {
  // A side without orders in this currency has zeros: the other side then shows the difference.
  const auto found = books.find(currency);
  return found == books.end() ? OrderTotals() : found->second;
}

std::set<std::string> currencies_of(const AuditReport& report) {
  // Of both sides: a currency that only one of them has is a finding.
  std::set<std::string> currencies;
  for (const auto& [currency, book] : report.redis) currencies.insert(currency);
  for (const auto& [currency, book] : report.stripe) currencies.insert(currency);
  return currencies;
}

// The members that --json prints. null = this side cannot know it.
// Names and order are a contract with the programs that read it.
struct BookRow {
  std::int64_t paid = 0;
  json::OrNull<std::int64_t> delivered;
  std::int64_t refunded = 0;
  json::OrNull<std::int64_t> open;
  json::OrNull<std::int64_t> held;
  json::OrNull<std::int64_t> disputed;
};
BOOST_DESCRIBE_STRUCT(BookRow, (), (paid, delivered, refunded, open, held, disputed))

struct CurrencyRow {
  BookRow redis;
  BookRow stripe;
};
BOOST_DESCRIBE_STRUCT(CurrencyRow, (), (redis, stripe))

struct DifferenceRow {
  std::string session;
  std::string what;
};
BOOST_DESCRIBE_STRUCT(DifferenceRow, (), (session, what))

// In millionths of the currency.
struct MarginRow {
  std::string day;
  std::string tool;
  std::string currency;
  std::int64_t orders = 0;
  std::int64_t revenueMicros = 0;
  std::int64_t costMicros = 0;
  std::int64_t marginMicros = 0;
};
BOOST_DESCRIBE_STRUCT(MarginRow, (),
                      (day, tool, currency, orders, revenueMicros, costMicros, marginMicros))

struct AuditAnswer {
  int days = 0;
  std::int64_t orders = 0;
  std::int64_t forgotten = 0;
  json::Members<CurrencyRow> currencies;
  std::vector<DifferenceRow> differences;
  std::vector<MarginRow> margins;
};
BOOST_DESCRIBE_STRUCT(AuditAnswer, (), (days, orders, forgotten, currencies, differences, margins))

BookRow row_of(const OrderTotals& book, bool registered, bool in_redis) {
  const auto told = [](bool known, std::int64_t amount_minor) {
    return known ? json::OrNull(amount_minor) : json::OrNull<std::int64_t>();
  };
  return {.paid = book.paid,
          .delivered = told(registered, book.delivered),
          .refunded = book.refunded,
          .open = told(registered, book.open),
          .held = told(in_redis, book.held),
          .disputed = told(in_redis, book.disputed)};
}

void print_json(const AuditReport& report, int days, bool registered) {
  AuditAnswer answer{.days = days,
                     .orders = report.orders,
                     .forgotten = report.forgotten,
                     .currencies = {},
                     .differences = {},
                     .margins = {}};
  for (const std::string& currency : currencies_of(report)) {
    // Redis knows all columns; Stripe knows what its register and its refunds show.
    const CurrencyRow both{.redis = row_of(totals_in(report.redis, currency), true, true),
                           .stripe = row_of(totals_in(report.stripe, currency), registered, false)};
    answer.currencies.emplace_back(currency, both);
  }
  for (const AuditDifference& difference : report.differences) {
    answer.differences.push_back({difference.session_id, difference.what});
  }
  for (const AuditMargin& each : report.margins) {
    answer.margins.push_back({.day = each.day,
                              .tool = each.tool,
                              .currency = each.sums.currency,
                              .orders = each.orders,
                              .revenueMicros = each.sums.revenue,
                              .costMicros = each.sums.cost,
                              .marginMicros = each.sums.left()});
  }
  // Ids come from outside, so they are escaped for a terminal.
  std::cout << printable_json(json::print(answer)) << '\n';
}

bool held(const AuditReport& report) {
  return std::ranges::any_of(report.redis, [](const auto& of) { return of.second.held != 0; });
}

// By tool: the days are in --json. Only where a cost is known.
void print_margins(const AuditReport& report) {
  std::map<std::pair<std::string, std::string>, AuditMargin> tools;
  bool known = false;
  for (const AuditMargin& each : report.margins) {
    AuditMargin& sums = tools[{each.tool, each.sums.currency}];
    sums.sums.revenue += each.sums.revenue;
    sums.sums.cost += each.sums.cost;
    known |= each.sums.cost > 0;
  }
  if (!known) return;
  std::cout << fmt::format("\n{:<28}{:>16}{:>16}{:>16}\n", "tool", "earned", "generators", "left");
  for (const auto& [key, each] : tools) {
    const auto text = [&currency = key.second](std::int64_t micros) {
      return micros_text(micros, currency);
    };
    std::cout << fmt::format("{:<28}{:>16}{:>16}{:>16}\n", printable(key.first),
                             text(each.sums.revenue), text(each.sums.cost), text(each.sums.left()));
  }
}

void print(const AuditReport& report, int days, bool registered) {
  std::cout << fmt::format("{} orders paid in {} days\n", report.orders, days);
  for (const std::string& currency : currencies_of(report)) {
    std::cout << '\n'
              << fmt::format(columns, currency, "paid", "delivered", "refunded", "open", "held",
                             "disputed")
              << line("Redis", totals_in(report.redis, currency), currency, true, true)
              << line("Stripe", totals_in(report.stripe, currency), currency, registered, false);
  }
  // Said once and not at each order: without a register the question marks are no fault.
  if (!registered) {
    std::cout
        << "\nWithout a register (CLAIMCHECK_OUTCOME_REGISTER=off) Stripe knows no deliveries.\n";
  }
  print_margins(report);
  // Asked about by everybody who sees the two cells differ.
  if (held(report)) {
    std::cout << "\nWhat is held in Redis is open at Stripe, which does not know what is held: no "
                 "difference.\n";
  }
  // No difference: claims expire, and Stripe's records do not.
  if (report.forgotten > 0) {
    std::cout << fmt::format("\n{} orders are over at Stripe and no longer in Redis.\n",
                             report.forgotten);
  }
  std::cout << fmt::format("\n{} differences\n", report.differences.size());
  for (const AuditDifference& difference : report.differences) {
    std::cout << fmt::format("{}  {}\n", printable(difference.session_id),
                             printable(difference.what));
  }
}

boost::asio::awaitable<ExitCode> audit(const Config& config, const AuditCommand& command,
                                       Store& store, std::string) {
  const bool registered = config.policy.register_mode != RegisterMode::off;
  // This machine's clock is enough: it only names the days, and the audit allows for a difference.
  RealClock clock;
  Metrics metrics;
  CurlClient http(co_await boost::asio::this_coro::executor);
  // The audit takes its turns in the same Redis as the server: it must not slow down buyers.
  StripePace pace(*store.pace, clock, config.stripe_pace);
  stripe::Options options = config.stripe;
  options.pacing = pace.pacing();
  // A client of its own: the command may run where no server does.
  stripe::Client stripe(http, clock, metrics, std::move(options));
  Audit books(store, stripe, config.catalog, clock, config.policy);
  const Result<AuditReport> report =
      co_await books.run(clock.now() - std::chrono::days(command.days));
  if (!report) co_return complain(report.error());
  // One report for both forms, so they cannot differ.
  (command.json ? print_json : print)(*report, command.days, registered);
  // A difference is a failure, so a scheduled run raises an alarm by its exit code.
  co_return report->differences.empty() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

ExitCode run_audit(const Config& config, const AuditCommand& command) {
  return run_on_store(config, std::bind_front(audit, std::cref(config), command));
}

}  // namespace claimcheck
