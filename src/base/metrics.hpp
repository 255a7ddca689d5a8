// Metrics: the counts of the service, in Prometheus' text form. All metric names are in
// metrics.cpp on one screen. One Metrics object per process, owned by the composition root;
// counters are safe from any thread. Labels are small closed sets, never ids.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace claimcheck {

enum class Counter {
  checkouts,            // label: result
  webhook_events,       // label: type (a known one, or "other")
  webhook_refused,      // label: reason
  orders,               // label: state an order entered
  units,                // label: state a unit entered
  stripe_requests,      // label: result
  generator_requests,   // label: result
  generator_callbacks,  // label: "order", "refused"
  http_responses,       // label: status class, "2xx"
  notifications,        // label: channel and result, "webhook_sent"
  setup_faults,         // label: what a setting is wrong about, "stripe_key"
  checkout_pauses,      // label: "automatic", "operator"
  provider_cost,        // label: currency and price, "usd:price_1"; millionths of the currency
  copies,               // of results to the storage; label: how a stretch ended
  money,                // label: what, currency and price, "sold:usd:price_1"; smallest units
  tool_cost,            // like provider_cost, by tool: "usd:cat-video"
  tool_money,           // like money, by tool: "sold:usd:cat-video"
};

// The number of observed durations, and their sum.
struct Observed {
  std::int64_t count = 0;
  double sum_s = 0;
};

// An order that took longer has waited for a person or for the end of an outage.
inline constexpr double usual_delivery_max_s = 3600;

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `label` comes from a small closed set: each new one is a series that is kept for ever.
  void count(Counter counter, std::string_view label) { add(counter, label, 1); }
  // The same for more than one; nothing below zero.
  void add(Counter counter, std::string_view label, std::int64_t amount);
  // Seconds from the payment to the last video of an order.
  void observe_delivery_s(double seconds);
  // Seconds from an event at Stripe to its webhook.
  void observe_webhook_lag_s(double seconds);

  // Whether an alert is open; `alert` comes from a small closed set.
  void set_alert(std::string_view alert, bool open);

  // Of a generator with limits, by its configured name: jobs that it has, units in its line.
  void set_generator_load(std::string_view generator, std::int64_t running, std::int64_t waiting);

  // The count so far; "" = the sum of all labels.
  std::int64_t total(Counter counter, std::string_view label) const;
  // Every label that was counted so far.
  std::map<std::string, std::int64_t> totals(Counter counter) const;
  // All deliveries, and those that took at most `usual_delivery_max_s`.
  Observed deliveries() const;
  Observed usual_deliveries() const;
  Observed webhook_lags() const;
  // The Prometheus text exposition of everything.
  // Also brings the count of dropped log lines up to date.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
