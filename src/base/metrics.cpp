#include "base/metrics.hpp"

#include "base/log_writer.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <functional>
#include <map>
#include <mutex>

namespace claimcheck {

namespace {

struct CounterInfo {
  const char* name;
  const char* label;
  const char* help;
};

// In the order of enum Counter.
constexpr std::array<CounterInfo, 17> infos = {{
    {"claimcheck_checkouts_total", "result", "create-checkout calls by result"},
    {"claimcheck_webhook_events_total", "type", "verified Stripe events by type"},
    {"claimcheck_webhook_refused_total", "reason", "webhook calls that were not believed"},
    {"claimcheck_orders_total", "state", "orders by the state they entered"},
    {"claimcheck_units_total", "state", "videos by the state they entered"},
    {"claimcheck_stripe_requests_total", "result", "requests to Stripe by result"},
    {"claimcheck_generator_requests_total", "result", "requests to the generator by result"},
    {"claimcheck_generator_callbacks_total", "result",
     "calls of generators by what became of them"},
    {"claimcheck_http_responses_total", "class", "answers by status class"},
    {"claimcheck_notifications_total", "result", "attempts to tell shop or buyer, by result"},
    {"claimcheck_setup_faults_total", "fault", "answers that show a wrong setting"},
    {"claimcheck_checkout_pauses_total", "by", "pauses of the checkout by who began them"},
    {"claimcheck_provider_cost_total", "what",
     "what jobs cost at generators, in millionths of the currency"},
    {"claimcheck_copies_total", "result", "stretches of copies to the storage by how they ended"},
    {"claimcheck_money_total", "what", "money sold and refunded, in smallest units"},
    {"claimcheck_tool_cost_total", "what",
     "what jobs cost at generators by tool, in millionths of the currency"},
    {"claimcheck_tool_money_total", "what", "money sold and refunded by tool, in smallest units"},
}};

Observed observed(const prometheus::Histogram& histogram) {
  const prometheus::ClientMetric::Histogram now = histogram.Collect().histogram;
  return {.count = static_cast<std::int64_t>(now.sample_count), .sum_s = now.sample_sum};
}

}  // namespace

// Series that were counted once are kept in a map: the library's own look-up builds and hashes a
// set of labels each time.
struct Metrics::State {
  using Series = std::map<std::string, prometheus::Counter*, std::less<>>;

  prometheus::Registry registry;
  std::array<prometheus::Family<prometheus::Counter>*, infos.size()> counters{};
  prometheus::Counter* log_lines_dropped = nullptr;
  prometheus::Family<prometheus::Gauge>* alerts = nullptr;
  prometheus::Family<prometheus::Gauge>* generator_running = nullptr;
  prometheus::Family<prometheus::Gauge>* generator_waiting = nullptr;
  prometheus::Histogram* delivery = nullptr;
  prometheus::Histogram* webhook_lag = nullptr;
  mutable std::mutex mutex;
  Observed usual_deliveries;                // protected by mutex
  std::array<Series, infos.size()> series;  // by label; protected by mutex

  prometheus::Counter& counter(std::size_t index, std::string_view label) {
    const std::scoped_lock lock(mutex);
    const auto known = series[index].find(label);
    if (known != series[index].end()) return *known->second;
    const std::string value(label);
    prometheus::Counter& added = counters[index]->Add({{infos[index].label, value}});
    series[index].emplace(value, &added);
    return added;
  }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < infos.size(); ++i) {
    state_->counters[i] = &prometheus::BuildCounter()
                               .Name(infos[i].name)
                               .Help(infos[i].help)
                               .Register(state_->registry);
  }
  auto& dropped = prometheus::BuildCounter()
                      .Name("claimcheck_log_lines_dropped_total")
                      .Help("lines of the log that its reader did not take")
                      .Register(state_->registry);
  state_->log_lines_dropped = &dropped.Add({});
  state_->alerts = &prometheus::BuildGauge()
                        .Name("claimcheck_alert_open")
                        .Help("1 while a condition needs a person")
                        .Register(state_->registry);
  state_->generator_running = &prometheus::BuildGauge()
                                   .Name("claimcheck_generator_running")
                                   .Help("jobs at a generator with limits")
                                   .Register(state_->registry);
  state_->generator_waiting = &prometheus::BuildGauge()
                                   .Name("claimcheck_generator_waiting")
                                   .Help("videos in the line of a generator with limits")
                                   .Register(state_->registry);
  auto& delivery = prometheus::BuildHistogram()
                       .Name("claimcheck_delivery_seconds")
                       .Help("from the payment to the last video of an order")
                       .Register(state_->registry);
  // Seconds, close together where most orders end, up to the hour that counts as usual.
  const prometheus::Histogram::BucketBoundaries bounds = {5,   15,  30,  60,   120,
                                                          300, 600, 900, 1800, 3600};
  state_->delivery = &delivery.Add({}, bounds);
  auto& lag = prometheus::BuildHistogram()
                  .Name("claimcheck_webhook_lag_seconds")
                  .Help("from an event at Stripe to its webhook")
                  .Register(state_->registry);
  // Seconds. The upper ones are for Stripe's repeated deliveries, which come hours later.
  const prometheus::Histogram::BucketBoundaries lag_bounds = {1,  2,   5,    10,   30,
                                                              60, 300, 1800, 3600, 21600};
  state_->webhook_lag = &lag.Add({}, lag_bounds);
}

Metrics::~Metrics() = default;

void Metrics::add(Counter counter, std::string_view label, std::int64_t amount) {
  if (amount < 0) return;  // a counter of Prometheus only grows
  state_->counter(static_cast<std::size_t>(counter), label).Increment(static_cast<double>(amount));
}

void Metrics::observe_delivery_s(double seconds) {
  state_->delivery->Observe(seconds);
  // The histogram has every delivery; the average of the usual ones leaves the exceptions out.
  if (seconds > usual_delivery_max_s) return;
  const std::scoped_lock lock(state_->mutex);
  ++state_->usual_deliveries.count;
  state_->usual_deliveries.sum_s += seconds;
}

void Metrics::observe_webhook_lag_s(double seconds) { state_->webhook_lag->Observe(seconds); }

void Metrics::set_alert(std::string_view alert, bool open) {
  state_->alerts->Add({{"alert", std::string(alert)}}).Set(open ? 1 : 0);
}

void Metrics::set_generator_load(std::string_view generator, std::int64_t running,
                                 std::int64_t waiting) {
  const prometheus::Labels labels = {{"generator", std::string(generator)}};
  state_->generator_running->Add(labels).Set(static_cast<double>(running));
  state_->generator_waiting->Add(labels).Set(static_cast<double>(waiting));
}

std::int64_t Metrics::total(Counter counter, std::string_view label) const {
  const std::scoped_lock lock(state_->mutex);
  double sum = 0;
  for (const auto& [name, series] : state_->series[static_cast<std::size_t>(counter)]) {
    if (label.empty() || name == label) sum += series->Value();
  }
  return static_cast<std::int64_t>(sum);
}

std::map<std::string, std::int64_t> Metrics::totals(Counter counter) const {
  const std::scoped_lock lock(state_->mutex);
  std::map<std::string, std::int64_t> all;
  for (const auto& [name, series] : state_->series[static_cast<std::size_t>(counter)]) {
    all[name] = static_cast<std::int64_t>(series->Value());
  }
  return all;
}

Observed Metrics::deliveries() const { return observed(*state_->delivery); }

Observed Metrics::usual_deliveries() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->usual_deliveries;
}

Observed Metrics::webhook_lags() const { return observed(*state_->webhook_lag); }

std::string Metrics::text() const {
  prometheus::Counter& dropped = *state_->log_lines_dropped;
  // The log counts by itself, since it works before there are metrics; the difference is added
  // here.
  dropped.Increment(static_cast<double>(log_lines_dropped()) - dropped.Value());
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace claimcheck
