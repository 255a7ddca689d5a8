// Counts in bounded buckets of time, in Redis: one pipeline to add, one to read.
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

std::string bucket_key(const StatsShape& shape, Time start) {
  return keys::stats(shape.key, fmt::to_string(to_unix_s(start)));
}

class RedisCounts final : public InRedis<CountsOverTime> {
 public:
  using InRedis::InRedis;

  Async<void> add_stats(Time when, StatsValues differences) override {
    std::vector<RedisCommand> commands;
    for (const StatsShape& shape : stats_shapes) {
      const std::string key = bucket_key(shape, bucket_of(shape, when));
      for (const auto& [name, value] : differences) {
        commands.push_back({"HINCRBY", key, name, fmt::to_string(value)});
      }
      // With each write, so that a bucket is removed without a job that cleans up.
      const auto life = std::chrono::duration_cast<std::chrono::seconds>(shape.life);
      commands.push_back({"EXPIRE", key, fmt::to_string(life.count())});
    }
    co_return co_await run_together(redis_, std::move(commands));
  }

  Async<std::vector<StatsBucket>> stats(StatsRange range, Time now, std::int64_t buckets) override {
    const StatsShape& shape = shape_of(range);
    std::vector<RedisCommand> commands;
    // One pipeline: the page of the statistics waits for one round trip.
    const Time first = bucket_of(shape, now) - (buckets - 1) * shape.step;
    for (std::int64_t i = 0; i < buckets; ++i) {
      commands.push_back({"HGETALL", bucket_key(shape, first + i * shape.step)});
    }
    Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    std::vector<StatsBucket> filled;
    for (std::size_t i = 0; i < replies->size(); ++i) {
      RedisReply& reply = (*replies)[i];
      if (reply.failure() != nullptr) co_return std::unexpected(refusal(*reply.failure()));
      const Result<std::vector<std::string>> pairs = texts_of(std::move(reply));
      if (!pairs) co_return fail(pairs);
      if (pairs->empty()) continue;  // nothing happened then
      StatsBucket bucket{.start = first + static_cast<std::int64_t>(i) * shape.step, .values = {}};
      for (std::size_t at = 0; at + 1 < pairs->size(); at += 2) {
        bucket.values[(*pairs)[at]] = number_in<std::int64_t>((*pairs)[at + 1]).value_or(0);
      }
      filled.push_back(std::move(bucket));
    }
    co_return filled;
  }
};

}  // namespace

std::unique_ptr<CountsOverTime> counts_in(RedisShared& shared) {
  return std::make_unique<RedisCounts>(shared);
}

}  // namespace claimcheck
