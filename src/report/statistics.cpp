#include "report/statistics.hpp"

#include "base/log.hpp"

#include <array>
#include <cmath>

namespace claimcheck {

namespace {

// All series: the name, and which counter of Metrics it is ("" = all labels).
struct Series {
  std::string_view name;
  Counter counter;
  std::string_view label;
};
constexpr std::array<Series, 28> counted_series = {{
    {"created", Counter::checkouts, "created"},
    {"paid", Counter::orders, "paid"},
    {"adopted", Counter::orders, "adopted"},
    {"done", Counter::orders, "done"},
    {"held", Counter::orders, "held"},
    {"expired", Counter::orders, "expired"},
    {"unpaid", Counter::orders, "unpaid"},
    {"delivered", Counter::units, "delivered"},
    {"refunded", Counter::units, "refunded"},
    {"held_videos", Counter::units, "held"},
    {"links_dead", Counter::units, "link_dead"},
    {"webhooks", Counter::webhook_events, ""},
    {"webhooks_refused", Counter::webhook_refused, ""},
    {"stripe_ok", Counter::stripe_requests, "ok"},
    {"stripe_refused", Counter::stripe_requests, "refused"},
    {"stripe_rate_limited", Counter::stripe_requests, "rate_limited"},
    {"stripe_server_error", Counter::stripe_requests, "server_error"},
    {"stripe_no_answer", Counter::stripe_requests, "no_answer"},
    {"generator_ok", Counter::generator_requests, "ok"},
    {"generator_refused", Counter::generator_requests, "refused"},
    {"generator_server_error", Counter::generator_requests, "server_error"},
    {"generator_no_answer", Counter::generator_requests, "no_answer"},
    {"server_errors", Counter::http_responses, "5xx"},
    {"setup_webhook_secret", Counter::setup_faults, "webhook_secret"},
    {"setup_stripe_key", Counter::setup_faults, "stripe_key"},
    {"setup_generator_token", Counter::setup_faults, "generator_token"},
    {"setup_clock", Counter::setup_faults, "clock"},
    {"setup_notifications", Counter::setup_faults, "notifications"},
}};
// For each measured duration: how many there were, and the sum of their milliseconds.
constexpr std::array<std::string_view, 6> span_series = {"deliveries", "delivery_ms", "usual",
                                                         "usual_ms",   "lags",        "lag_ms"};

// So many recent orders make a stable mean.
constexpr std::int64_t deliveries_enough = 20;
constexpr std::int64_t deliveries_least = 3;
constexpr std::int64_t hours_back = 24;
// An operator's page asks every few seconds, and several may be open.
constexpr Duration answer_fresh = std::chrono::seconds(3);

std::int64_t value_of(const StatsValues& values, std::string_view name) {
  const auto value = values.find(name);
  return value == values.end() ? 0 : value->second;
}

void add(StatsValues& values, const Observed& span, std::string_view count, std::string_view ms) {
  values[std::string(count)] = span.count;
  values[std::string(ms)] = std::llround(span.sum_s * 1000);
}

std::vector<std::int64_t> counts_of(const std::vector<StatsBucket>& buckets,
                                    const StatsShape& shape, Time from, std::string_view name) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(shape.buckets), 0);
  for (const StatsBucket& bucket : buckets) {
    const auto place = static_cast<std::size_t>((bucket.start - from) / shape.step);
    // A bucket may lie outside of the range, and is left out then.
    if (place < counts.size()) counts[place] = value_of(bucket.values, name);
  }
  return counts;
}

}  // namespace

// The counts at the start are the base: only differences from them are added to Redis.
Statistics::Statistics(Context& context) : context_(context), last_(counted()) {}

boost::asio::awaitable<void> Statistics::run() {
  for (;;) {
    co_await flush();
    co_await context_.clock.sleep(statistics_every);
  }
}

StatsValues Statistics::counted() const {
  StatsValues values;
  for (const Series& series : counted_series) {
    values[std::string(series.name)] = context_.metrics.total(series.counter, series.label);
  }
  // By currency and price or tool, as flow/money_counts.hpp names them.
  const auto take = [&](Counter counter, const std::string& prefix) {
    for (const auto& [name, sum] : context_.metrics.totals(counter)) values[prefix + name] = sum;
  };
  take(Counter::money, "");
  take(Counter::provider_cost, "cost:");
  take(Counter::tool_money, "tool:");
  take(Counter::tool_cost, "tool:cost:");
  add(values, context_.metrics.deliveries(), span_series[0], span_series[1]);
  add(values, context_.metrics.usual_deliveries(), span_series[2], span_series[3]);
  add(values, context_.metrics.webhook_lags(), span_series[4], span_series[5]);
  return values;
}

void Statistics::collect() {
  const StatsValues now = counted();
  // The difference belongs to the minute in which it was seen, also if Redis gets it later.
  const Time minute = bucket_of(shape_of(StatsRange::hour), context_.clock.now());
  for (const auto& [name, value] : now) {
    const std::int64_t difference = value - last_[name];
    if (difference != 0) pending_[minute][name] += difference;  // added to until Redis has it
  }
  // Taken over at once, and not when Redis has it: the difference is in `pending_` from here on.
  last_ = now;
  // The oldest are dropped: memory stays bounded, however long Redis is away.
  while (pending_.size() > statistics_pending_max) pending_.erase(pending_.begin());
}

boost::asio::awaitable<bool> Statistics::flush() {
  // Two at once would add the same minute twice.
  if (flushing_) co_return false;
  flushing_ = true;
  collect();
  while (!pending_.empty()) {
    const auto [minute, differences] = *pending_.begin();
    // One minute at a time: if the connection breaks, the others are still pending.
    const Result<void> added = co_await context_.store.counts->add_stats(minute, differences);
    if (!added && added.error().code != Errc::ambiguous)
      break;  // nothing was added: it stays pending
    // A count that may be missing is better than one that may be double.
    if (!added) log_warn("statistics_lost", {{"minute", to_iso(minute)}});
    pending_.erase(minute);
  }
  // After the counts, so that the figure includes this process' last deliveries.
  co_await look_at_deliveries();
  // Only after the last wait: another call in between would add the same minute.
  flushing_ = false;
  co_return pending_.empty();
}

boost::asio::awaitable<void> Statistics::look_at_deliveries() {
  const Result<std::vector<StatsBucket>> hours =
      co_await context_.store.counts->stats(StatsRange::month, context_.clock.now(), hours_back);
  if (!hours) co_return;
  // From the latest hour backwards until there are enough: the figure is about orders now, not
  // about this morning.
  std::int64_t orders = 0;
  std::int64_t ms = 0;
  for (auto hour = hours->rbegin(); hour != hours->rend() && orders < deliveries_enough; ++hour) {
    orders += value_of(hour->values, "usual");
    ms += value_of(hour->values, "usual_ms");
  }
  // One or two orders say too little for a promise to the next buyer.
  expected_s_.reset();
  // Rounded up: the figure should rather be too long than too short.
  if (orders >= deliveries_least) expected_s_ = (ms / orders + 999) / 1000;
}

boost::asio::awaitable<Result<StatsSeries>> Statistics::series(StatsRange range) {
  Kept& kept = kept_[range];
  // Several pages of one operator ask at once; Redis is read for one of them.
  if (context_.clock.steady() < kept.fresh_until) co_return kept.series;
  const StatsShape& shape = shape_of(range);
  const Time now = context_.clock.now();
  const Result<std::vector<StatsBucket>> buckets =
      co_await context_.store.counts->stats(range, now, shape.buckets);
  if (!buckets) co_return fail(buckets);
  // The last bucket is the present one, which is still growing.
  const Time from = bucket_of(shape, now) - (shape.buckets - 1) * shape.step;
  StatsSeries fresh{.range = range,
                    .step_s = std::chrono::duration_cast<std::chrono::seconds>(shape.step).count(),
                    .from = to_unix_s(from),
                    .series = {}};
  const auto add_row = [&](std::string_view name) {
    fresh.series.emplace_back(name, counts_of(*buckets, shape, from, name));
  };
  for (const Series& series : counted_series) add_row(series.name);
  for (const std::string_view name : span_series) add_row(name);
  // By the steady clock: a step of the time must not freeze the page.
  kept = {.series = std::move(fresh), .fresh_until = context_.clock.steady() + answer_fresh};
  co_return kept.series;
}

}  // namespace claimcheck
