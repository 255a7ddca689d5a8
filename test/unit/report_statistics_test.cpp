// What a process has counted, on its way into the counts of all: by the clock of the test.
#include "report/setup_faults.hpp"
#include "report/statistics.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

namespace claimcheck::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

StatsValues total(OrderWorld& world, StatsRange range = StatsRange::day) {
  StatsValues sum;
  auto buckets = world.run(world.store.counts->stats(range, world.run.clock.now(), 60));
  REQUIRE(buckets.has_value());
  for (const StatsBucket& bucket : *buckets) {
    for (const auto& [name, value] : bucket.values) sum[name] += value;
  }
  return sum;
}

TEST_CASE("statistics: only what was counted since the last time is added") {
  OrderWorld world;
  world.metrics.count(Counter::orders, "paid");  // before: another's, or of an earlier life
  Statistics statistics(world.context);
  for (int i = 0; i < 3; ++i) world.metrics.count(Counter::orders, "paid");
  world.metrics.count(Counter::webhook_events, "checkout.session.completed");
  world.metrics.count(Counter::webhook_events, "other");
  world.run(statistics.flush());
  CHECK(total(world) == StatsValues{{"paid", 3}, {"webhooks", 2}});
  world.run(statistics.flush());
  CHECK(total(world) == StatsValues{{"paid", 3}, {"webhooks", 2}});
  world.metrics.count(Counter::stripe_requests, "server_error");
  world.metrics.observe_webhook_lag_s(1.5);
  world.run(statistics.flush());
  CHECK(
      total(world) ==
      StatsValues{
          {"lag_ms", 1500}, {"lags", 1}, {"paid", 3}, {"stripe_server_error", 1}, {"webhooks", 2}});
}

TEST_CASE("statistics: several processes add up") {
  OrderWorld world;
  Metrics other_metrics;
  Context other{world.store,   world.stripe,  world.generators, world.run.clock,
                other_metrics, world.catalog, Policy()};
  Statistics one(world.context);
  Statistics two(other);
  world.metrics.count(Counter::units, "delivered");
  other_metrics.count(Counter::units, "delivered");
  world.run(one.flush());
  world.run(two.flush());
  CHECK(total(world) == StatsValues{{"delivered", 2}});
}

TEST_CASE("statistics: how long orders take is told from three orders on, the latest first") {
  OrderWorld world;
  Statistics statistics(world.context);
  for (const double seconds : {100.0, 110.0}) world.metrics.observe_delivery_s(seconds);
  world.run(statistics.flush());
  CHECK_FALSE(statistics.expected_delivery_s());
  world.metrics.observe_delivery_s(120.0);
  world.metrics.observe_delivery_s(3 * 86400.0);  // it was held
  world.run(statistics.flush());
  CHECK(statistics.expected_delivery_s() == 110);
  world.run.clock.advance(minutes(90));
  for (int i = 0; i < 20; ++i) world.metrics.observe_delivery_s(30.0);
  world.run(statistics.flush());
  CHECK(statistics.expected_delivery_s() == 30);
  world.run.clock.advance(std::chrono::hours(26));
  world.run(statistics.flush());
  CHECK_FALSE(statistics.expected_delivery_s());
}

TEST_CASE("statistics: the answer has a count for each bucket of each series") {
  OrderWorld world;
  Statistics statistics(world.context);
  world.metrics.count(Counter::orders, "held");
  world.run(statistics.flush());
  const Result<StatsSeries> answer = world.run(statistics.series(StatsRange::hour));
  REQUIRE(answer);
  const auto told = json::parse(json::print(*answer));
  REQUIRE(told);
  CHECK(json::text_at(*told, "range") == "hour");
  CHECK(json::integer_at(*told, "step_s") == 60);
  const Time from = from_unix_s(json::integer_at(*told, "from"));
  CHECK(from + minutes(59) <= world.run.clock.now());
  CHECK(from + minutes(60) > world.run.clock.now());
  const boost::json::value* held = json::find(*told, "series", "held");
  REQUIRE(held != nullptr);
  REQUIRE(held->as_array().size() == 60);
  CHECK(held->as_array().back() == 1);
  CHECK(held->as_array().front() == 0);
  CHECK(json::find(*told, "series", "lag_ms") != nullptr);
}

std::string faults_of(const std::vector<StatsBucket>& hour) {
  std::string faults;
  for (const SetupFault& fault : setup_faults(hour)) faults += fault.fault + ' ';
  return faults;
}

TEST_CASE("setup faults: what the last hour's counts say about the settings") {
  const Time minute{};
  CHECK(faults_of({}).empty());
  CHECK(faults_of({{minute, {{"webhooks", 3}, {"stripe_ok", 2}}}}).empty());
  CHECK(faults_of({{minute, {{"setup_stripe_key", 1}, {"setup_generator_token", 1}}},
                   {minute, {{"setup_clock", 1}, {"setup_notifications", 1}}}}) ==
        "stripe_key generator_token clock notifications ");
  // Accepted in a later minute: it was repaired. In an earlier one: it has become wrong.
  CHECK(faults_of({{minute, {{"setup_stripe_key", 1}}}, {minute, {{"stripe_ok", 1}}}}).empty());
  CHECK(faults_of({{minute, {{"stripe_ok", 1}}}, {minute, {{"setup_stripe_key", 1}}}}) ==
        "stripe_key ");
  // Anybody may send a wrong signature: one right event of the hour shows that the secret is right.
  CHECK(faults_of({{minute, {{"setup_webhook_secret", 9}}}}) == "webhook_secret ");
  CHECK(faults_of({{minute, {{"webhooks", 1}}}, {minute, {{"setup_webhook_secret", 9}}}}).empty());
}

TEST_CASE("setup faults: the series that the page draws say the same") {
  OrderWorld world;
  Statistics statistics(world.context);
  world.metrics.count(Counter::setup_faults, "generator_token");
  world.run(statistics.flush());
  const Result<StatsSeries> hour = world.run(statistics.series(StatsRange::hour));
  REQUIRE(hour);
  const std::vector<SetupFault> faults = setup_faults(*hour);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().fault == "generator_token");
}

}  // namespace
}  // namespace claimcheck::test
