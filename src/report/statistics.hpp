// Statistics: adds the counts of this process to those of all processes in Redis, about every ten
// seconds and at the end. Orders are not slowed by it: it reads the counters of Metrics and adds
// the difference since the last time. While Redis is away it keeps the differences by the minute in
// which they were seen, for at most an hour. A difference is not added again if nobody knows
// whether it was added. It also knows how long an order takes at present. Owned by the composition
// root.
#pragma once

#include "base/json_described.hpp"
#include "flow/context.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

// Counts by time, as the operator's page draws them.
struct StatsSeries {
  StatsRange range = StatsRange::hour;
  std::int64_t step_s = 0;                          // of one bucket
  std::int64_t from = 0;                            // unix seconds, of the first bucket
  json::Members<std::vector<std::int64_t>> series;  // name -> the count of each bucket
};
BOOST_DESCRIBE_STRUCT(StatsSeries, (), (range, step_s, from, series))

inline constexpr Duration statistics_every = std::chrono::seconds(10);
inline constexpr std::size_t statistics_pending_max = 60;  // minutes that wait for Redis

class Statistics {
 public:
  explicit Statistics(Context& context);

  boost::asio::awaitable<void> run();
  // True = Redis has everything that was counted.
  boost::asio::awaitable<bool> flush();
  // Seconds from the payment to the last video, the mean of recent deliveries: of the last day, the
  // latest first, without those that took unusually long. Nothing when there were fewer than three.
  std::optional<std::int64_t> expected_delivery_s() const { return expected_s_; }

  // The answer is cached for a moment, for all callers. Errors: Redis does not answer.
  boost::asio::awaitable<Result<StatsSeries>> series(StatsRange range);

 private:
  struct Kept {
    StatsSeries series;
    Duration fresh_until{0};
  };

  StatsValues counted() const;
  void collect();
  boost::asio::awaitable<void> look_at_deliveries();

  Context& context_;
  StatsValues last_;                     // the counts at the last collect()
  std::map<Time, StatsValues> pending_;  // by minute
  bool flushing_ = false;
  std::optional<std::int64_t> expected_s_;
  std::map<StatsRange, Kept> kept_;
};

}  // namespace claimcheck
