// Metrics: what the service counts, in Prometheus' text form. All metric names stand in
// metrics.cpp on one screen. One Metrics object per process, owned by the composition root;
// counters are safe from any thread. Labels are small closed sets, never ids.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace claimcheck {

enum class Counter {
  checkouts,           // label: result
  webhook_events,      // label: type (a known one, or "other")
  webhook_refused,     // label: reason
  orders,              // label: state an order entered
  units,               // label: state a unit entered
  stripe_requests,     // label: result
  generator_requests,  // label: result
  http_responses,      // label: status class, "2xx"
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count(Counter counter, std::string_view label);
  // Seconds from the payment to the last video of an order.
  void observe_delivery_s(double seconds);
  // The Prometheus text exposition of everything.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claimcheck
