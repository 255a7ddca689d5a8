// Counts in bounded buckets of time, in memory: under the keys that they have in Redis.
#include "store/keys.hpp"
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class MemoryCounts final : public InMemory<CountsOverTime> {
 public:
  using InMemory::InMemory;

  Async<void> add_stats(Time when, StatsValues differences) override {
    for (const StatsShape& shape : stats_shapes) {
      const std::string start = fmt::to_string(to_unix_s(bucket_of(shape, when)));
      const std::string key = keys::stats(shape.key, start);
      // Copied and put again, so that the bucket's life begins anew as in Redis.
      StatsValues values;
      if (const StatsValues* known = living(contents_.stats, key, clock_.now())) values = *known;
      for (const auto& [name, value] : differences) values[name] += value;
      put(contents_.stats, key, std::move(values), clock_.now() + shape.life);
    }
    co_return Result<void>();
  }

  Async<std::vector<StatsBucket>> stats(StatsRange range, Time now, std::int64_t buckets) override {
    const StatsShape& shape = shape_of(range);
    std::vector<StatsBucket> filled;
    for (std::int64_t ago = buckets - 1; ago >= 0; --ago) {
      const Time start = bucket_of(shape, now) - ago * shape.step;
      const std::string key = keys::stats(shape.key, fmt::to_string(to_unix_s(start)));
      const StatsValues* values = living(contents_.stats, key, clock_.now());
      if (values != nullptr) filled.push_back({.start = start, .values = *values});
    }
    co_return filled;
  }
};

}  // namespace

std::unique_ptr<CountsOverTime> counts_in(MemoryShared& shared) {
  return std::make_unique<MemoryCounts>(shared);
}

}  // namespace claimcheck
