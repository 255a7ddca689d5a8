// AlertSigns: which conditions hold at this moment that need a person (domain/alert.hpp), by what
// all processes have stored and counted, so that every process sees the same. Where the counts show
// neither a condition nor its opposite there is no sign, and an open alert stays open. Two kinds
// are not here: the balance (read once an hour) and Redis (from a process' own view).
#pragma once

#include "domain/alert.hpp"
#include "report/statistics.hpp"

#include <optional>
#include <vector>

namespace claimcheck {

struct AlertFacts {
  OrderCounts counts;
  std::optional<Time> answer_by;  // of the first dispute
  RefundBreaker refunds;
  GeneratorOutage generator;  // the worst one, with what waits for all
  StatsSeries hour;
  std::optional<CheckoutPause> pause = {};
  std::vector<GeneratorOutage> outages = {};  // of each, in the order of Generators::all()
};

std::vector<AlertSign> alert_signs(const AlertFacts& facts);
// Errors: the store's.
boost::asio::awaitable<Result<AlertFacts>> read_alert_facts(Context& context,
                                                            Statistics& statistics);

// Payments in the first and in the last so many minutes of the hour do not count: their event may
// lie outside of it.
inline constexpr std::size_t webhook_margin_minutes = 10;
// So many minutes without one good answer show that Stripe is away.
inline constexpr std::size_t stripe_away_minutes = 3;

}  // namespace claimcheck
