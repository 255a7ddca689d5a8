// CountsOverTime: counts by name, kept in three ranges: each a row of buckets that are forgotten
// after its life, so what the statistics cost does not grow with the orders. Hints that no disk and
// no replica is waited for. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

using StatsValues = std::map<std::string, std::int64_t, std::less<>>;

enum class StatsRange { hour, day, month };
BOOST_DESCRIBE_ENUM(StatsRange, hour, day, month)

struct StatsShape {
  StatsRange range;
  std::string_view key;  // in Redis
  Duration step;         // of one bucket
  std::int64_t buckets;  // that are shown
  Duration life;         // longer than what is shown
};

inline constexpr std::array<StatsShape, 3> stats_shapes = {{
    {StatsRange::hour, "m", std::chrono::minutes(1), 60, std::chrono::hours(2)},
    {StatsRange::day, "f", std::chrono::minutes(5), 288, std::chrono::hours(26)},
    {StatsRange::month, "h", std::chrono::hours(1), 720, std::chrono::days(32)},
}};

constexpr const StatsShape& shape_of(StatsRange range) {
  return stats_shapes[static_cast<std::size_t>(range)];
}

// When the bucket began that this moment lies in.
constexpr Time bucket_of(const StatsShape& shape, Time when) {
  return when - when.time_since_epoch() % shape.step;
}

struct StatsBucket {
  Time start;
  StatsValues values;
};

class CountsOverTime {
 public:
  virtual ~CountsOverTime() = default;

  // Adds to the bucket of that moment in every range, all of them or none. Errors: the store's.
  virtual Async<void> add_stats(Time when, StatsValues differences) = 0;
  // The last `buckets` buckets up to `now` that are not empty, oldest first. Errors: the store's.
  virtual Async<std::vector<StatsBucket>> stats(StatsRange range, Time now,
                                                std::int64_t buckets) = 0;
};

}  // namespace claimcheck
