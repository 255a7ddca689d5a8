#include "app/cli_audit.hpp"

#include "app/cli_store.hpp"
#include "flow/audit.hpp"
#include "net/http_client.hpp"

#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <set>

namespace claimcheck {

namespace {

constexpr const char* row = "{:<9}{:>14}{:>14}{:>14}{:>14}{:>14}\n";

std::string line(const char* whose, const OrderBook& book, bool registered, bool knows_held) {
  return fmt::format(row, whose, book.paid, registered ? fmt::to_string(book.delivered) : "?",
                     book.refunded, registered ? fmt::to_string(book.open) : "?",
                     knows_held ? fmt::to_string(book.held) : "-");
}

void print(const AuditReport& report, int days, bool registered) {
  std::cout << fmt::format("{} orders paid in {} days; amounts in the smallest unit\n",
                           report.orders, days);
  std::set<std::string> currencies;
  for (const auto& [currency, book] : report.redis) currencies.insert(currency);
  for (const auto& [currency, book] : report.stripe) currencies.insert(currency);
  const auto book_in = [](const std::map<std::string, OrderBook>& books, const std::string& name) {
    const auto found = books.find(name);
    return found == books.end() ? OrderBook() : found->second;
  };
  for (const std::string& currency : currencies) {
    std::cout << '\n'
              << fmt::format(row, currency, "paid", "delivered", "refunded", "open", "held")
              << line("Redis", book_in(report.redis, currency), true, true)
              << line("Stripe", book_in(report.stripe, currency), registered, false);
  }
  if (!registered) {
    std::cout << "\nStripe knows no deliveries: CLAIMCHECK_OUTCOME_REGISTER is off.\n";
  }
  if (report.forgotten > 0) {
    std::cout << fmt::format("\n{} orders are over at Stripe and no longer in Redis.\n",
                             report.forgotten);
  }
  std::cout << fmt::format("\n{} differences\n", report.differences.size());
  for (const AuditDifference& difference : report.differences) {
    std::cout << fmt::format("{}  {}\n", difference.session_id, difference.what);
  }
}

boost::asio::awaitable<ExitCode> audit(const Config& config, int days, Store& store, std::string) {
  const bool registered = config.policy.register_mode != RegisterMode::off;
  RealClock clock;
  Metrics metrics;
  CurlClient http;
  stripe::Client stripe(http, clock, metrics, config.stripe);
  Audit books(store, stripe, config.catalog, clock, registered);
  const Result<AuditReport> report = co_await books.run(clock.now() - std::chrono::days(days));
  if (!report) co_return complain(report.error());
  print(*report, days, registered);
  co_return report->differences.empty() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

ExitCode run_audit(const Config& config, int days) {
  return run_on_store(config, std::bind_front(audit, std::cref(config), days));
}

}  // namespace claimcheck
