// CountsOverTime: counts by name in three ranges. Each range is a row of buckets, and each bucket
// is forgotten after its life, so the cost of the statistics does not grow with the orders. The
// counts are hints that wait for no disk and no replica. One of the roles of the store (store.hpp).
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

// The beginning of the bucket that this moment is in.
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
