#include "base/metrics.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <thread>
#include <vector>

namespace claimcheck {
namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("metrics: every counter under its name and label, so that none vanishes unnoticed") {
  Metrics metrics;
  struct Row {
    Counter counter;
    const char* series;
  };
  const Row rows[] = {
      {Counter::checkouts, R"(claimcheck_checkouts_total{result="x"} 1)"},
      {Counter::webhook_events, R"(claimcheck_webhook_events_total{type="x"} 1)"},
      {Counter::webhook_refused, R"(claimcheck_webhook_refused_total{reason="x"} 1)"},
      {Counter::orders, R"(claimcheck_orders_total{state="x"} 1)"},
      {Counter::units, R"(claimcheck_units_total{state="x"} 1)"},
      {Counter::stripe_requests, R"(claimcheck_stripe_requests_total{result="x"} 1)"},
      {Counter::generator_requests, R"(claimcheck_generator_requests_total{result="x"} 1)"},
      {Counter::generator_callbacks, R"(claimcheck_generator_callbacks_total{result="x"} 1)"},
      {Counter::http_responses, R"(claimcheck_http_responses_total{class="x"} 1)"},
      {Counter::notifications, R"(claimcheck_notifications_total{result="x"} 1)"},
      {Counter::setup_faults, R"(claimcheck_setup_faults_total{fault="x"} 1)"},
      {Counter::checkout_pauses, R"(claimcheck_checkout_pauses_total{by="x"} 1)"},
      {Counter::money, R"(claimcheck_money_total{what="x"} 1)"},
      {Counter::tool_cost, R"(claimcheck_tool_cost_total{what="x"} 1)"},
      {Counter::tool_money, R"(claimcheck_tool_money_total{what="x"} 1)"},
  };
  for (const Row& row : rows) metrics.count(row.counter, "x");
  const std::string text = metrics.text();
  for (const Row& row : rows) {
    CAPTURE(std::string(row.series));
    CHECK(has_line(text, row.series));
  }
}

TEST_CASE("metrics: an alert is 1 while it is open, and 0 afterwards") {
  Metrics metrics;
  metrics.set_alert("held", true);
  metrics.set_alert("clock", false);
  CHECK(has_line(metrics.text(), R"(claimcheck_alert_open{alert="held"} 1)"));
  CHECK(has_line(metrics.text(), R"(claimcheck_alert_open{alert="clock"} 0)"));
  metrics.set_generator_load("fal", 2, 17);
  CHECK(has_line(metrics.text(), R"(claimcheck_generator_running{generator="fal"} 2)"));
  CHECK(has_line(metrics.text(), R"(claimcheck_generator_waiting{generator="fal"} 17)"));
  metrics.set_alert("held", false);
  CHECK(has_line(metrics.text(), R"(claimcheck_alert_open{alert="held"} 0)"));
}

TEST_CASE("metrics: labels are counted apart, from any thread") {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&metrics] {
        for (int i = 0; i < 1000; ++i) metrics.count(Counter::http_responses, "2xx");
      });
    }
  }
  metrics.count(Counter::http_responses, "5xx");
  metrics.count(Counter::orders, "2xx");
  const std::string text = metrics.text();
  CHECK(has_line(text, R"(claimcheck_http_responses_total{class="2xx"} 4000)"));
  CHECK(has_line(text, R"(claimcheck_http_responses_total{class="5xx"} 1)"));
  CHECK(has_line(text, R"(claimcheck_orders_total{state="2xx"} 1)"));
}

TEST_CASE("metrics: deliveries fall into buckets from 5 seconds to an hour") {
  Metrics metrics;
  for (const double seconds : {4.0, 5.0, 6.0, 3600.0, 3601.0}) metrics.observe_delivery_s(seconds);
  const std::string text = metrics.text();
  CHECK(has_line(text, R"(claimcheck_delivery_seconds_bucket{le="5"} 2)"));
  CHECK(has_line(text, R"(claimcheck_delivery_seconds_bucket{le="15"} 3)"));
  CHECK(has_line(text, R"(claimcheck_delivery_seconds_bucket{le="3600"} 4)"));
  CHECK(has_line(text, R"(claimcheck_delivery_seconds_bucket{le="+Inf"} 5)"));
  CHECK(has_line(text, "claimcheck_delivery_seconds_count 5"));
}

}  // namespace
}  // namespace claimcheck
