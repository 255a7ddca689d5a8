#include "report/alert_signs.hpp"

#include "report/setup_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

namespace claimcheck {

namespace {

using Counts = std::span<const std::int64_t>;

Counts counts_in(const StatsSeries& hour, std::string_view name) {
  for (const auto& [series, counts] : hour.series) {
    if (series == name) return counts;
  }
  return {};
}

std::int64_t sum(Counts counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

std::int64_t sum_of_last(const StatsSeries& hour, std::string_view name, std::size_t minutes) {
  const Counts counts = counts_in(hour, name);
  return sum(counts.last(std::min(minutes, counts.size())));
}

std::optional<AlertSign> setup_sign(const StatsSeries& hour, AlertKind kind,
                                    std::string_view fault) {
  const SetupState state = setup_state(hour, fault);
  if (state == SetupState::unknown) return std::nullopt;
  return AlertSign{.kind = kind, .on = state == SetupState::wrong, .count = 0, .why = {}};
}

// Anybody can send an event with a wrong signature. Where nothing was paid either, that is all that
// happened.
std::optional<AlertSign> webhook_secret_sign(const StatsSeries& hour) {
  auto sign = setup_sign(hour, AlertKind::webhook_secret, "webhook_secret");
  if (sign && sign->on && sum(counts_in(hour, "paid")) == 0) return std::nullopt;
  return sign;
}

std::optional<AlertSign> stripe_away_sign(const StatsSeries& hour) {
  const auto lately = [&hour](std::string_view name) {
    return sum_of_last(hour, name, stripe_away_minutes);
  };
  const bool answers = lately("stripe_ok") > 0 || lately("stripe_refused") > 0;
  const bool fails = lately("stripe_no_answer") > 0 || lately("stripe_server_error") > 0;
  if (!answers && !fails) return std::nullopt;
  return AlertSign{.kind = AlertKind::stripe_away, .on = !answers, .count = 0, .why = {}};
}

// A payment in the middle of an hour without one event: its event would have come within this hour,
// also if it was late, or if the payment was found late.
std::optional<AlertSign> webhook_silent_sign(const StatsSeries& hour) {
  AlertSign sign{.kind = AlertKind::webhook_silent, .on = false, .count = 0, .why = {}};
  if (sum(counts_in(hour, "webhooks")) > 0) return sign;
  // They come, and are refused: that is the secret's alert.
  if (sum(counts_in(hour, "webhooks_refused")) > 0) return std::nullopt;
  const Counts paid = counts_in(hour, "paid");
  if (paid.size() < 2 * webhook_margin_minutes) return std::nullopt;
  const std::size_t middle = paid.size() - 2 * webhook_margin_minutes;
  sign.on = sum(paid.subspan(webhook_margin_minutes, middle)) > 0;
  if (!sign.on) return std::nullopt;
  return sign;
}

// Has no opposite: an hour without one is its end.
AlertSign link_dead_sign(const StatsSeries& hour) {
  const std::int64_t found = sum(counts_in(hour, "links_dead"));
  return {.kind = AlertKind::link_dead, .on = found > 0, .count = found, .why = {}};
}

}  // namespace

std::vector<AlertSign> alert_signs(const AlertFacts& facts) {
  using enum AlertKind;
  const GeneratorOutage& outage = facts.generator;
  std::string answer_by;
  if (facts.answer_by) answer_by = "the first answer is due " + to_iso(*facts.answer_by);
  std::vector<AlertSign> signs = {
      {.kind = held, .on = facts.counts.held > 0, .count = facts.counts.held, .why = {}},
      {.kind = disputes,
       .on = facts.counts.disputed > 0,
       .count = facts.counts.disputed,
       .why = std::move(answer_by)},
      {.kind = refunds_stopped,
       .on = !facts.refunds.reason.empty(),
       .count = 0,
       .why = facts.refunds.reason},
      // An outage that no order waits for is no alarm.
      {.kind = generator_away,
       .on = !outage.reason.empty() && outage.waiting > 0,
       .count = outage.waiting,
       .why = outage.reason},
      link_dead_sign(facts.hour),
      // Who has made a pause by hand knows of it.
      {.kind = checkout_paused,
       .on = facts.pause && facts.pause->automatic(),
       .count = 0,
       .why = {}}};
  for (std::optional<AlertSign> sign :
       {setup_sign(facts.hour, stripe_key, "stripe_key"),
        setup_sign(facts.hour, generator_token, "generator_token"), webhook_secret_sign(facts.hour),
        setup_sign(facts.hour, AlertKind::clock, "clock"),
        setup_sign(facts.hour, notifications, "notifications"), stripe_away_sign(facts.hour),
        webhook_silent_sign(facts.hour)}) {
    if (sign) signs.push_back(std::move(*sign));
  }
  return signs;
}

boost::asio::awaitable<Result<std::vector<GeneratorOutage>>> read_outages(Context& context) {
  std::vector<GeneratorOutage> outages;
  for (const GeneratorOptions& each : context.generators.all()) {
    Result<GeneratorOutage> outage = co_await context.store.generator->generator_outage(each.name);
    if (!outage) co_return fail(outage);
    outages.push_back(std::move(*outage));
  }
  co_return outages;
}

// All generators that take no orders, as one: the reason of the one for which most videos wait, and
// how many wait in all. The reason begins with its name if there are several generators.
GeneratorOutage worst_of(const std::vector<GeneratorOutage>& outages,
                         const std::vector<GeneratorOptions>& generators) {
  GeneratorOutage worst;
  std::int64_t waiting = 0;
  for (std::size_t i = 0; i < outages.size(); ++i) {
    const GeneratorOutage& outage = outages[i];
    if (outage.reason.empty()) continue;
    waiting += outage.waiting;
    if (!worst.reason.empty() && outage.waiting <= worst.waiting) continue;
    worst = outage;
    if (generators.size() > 1) worst.reason = generators[i].name + ": " + outage.reason;
  }
  worst.waiting = waiting;
  return worst;
}

boost::asio::awaitable<Result<AlertFacts>> read_alert_facts(Context& context,
                                                            Statistics& statistics) {
  const Result<OrderCounts> counts = co_await context.store.lists->order_counts();
  if (!counts) co_return fail(counts);
  const auto disputed = co_await context.store.lists->list(OrderList::disputed, {}, 1);
  if (!disputed) co_return fail(disputed);
  const Result<RefundBreaker> refunds = co_await context.store.refunds->refund_breaker();
  if (!refunds) co_return fail(refunds);
  Result<std::vector<GeneratorOutage>> outages = co_await read_outages(context);
  if (!outages) co_return fail(outages);
  const auto pause = co_await context.store.gate->checkout_pause();
  if (!pause) co_return fail(pause);
  Result<StatsSeries> hour = co_await statistics.series(StatsRange::hour);
  if (!hour) co_return fail(hour);
  AlertFacts facts{.counts = *counts,
                   .answer_by = {},
                   .refunds = *refunds,
                   .generator = worst_of(*outages, context.generators.all()),
                   .hour = std::move(*hour),
                   .pause = *pause,
                   .outages = std::move(*outages)};
  if (!disputed->empty()) facts.answer_by = disputed->front().when;
  co_return facts;
}

}  // namespace claimcheck
