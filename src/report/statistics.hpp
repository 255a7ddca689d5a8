// Statistics: what this process counts, added to the counts of all processes in Redis about every
// ten seconds and at the end. Orders pay nothing for it: it reads the counters of Metrics and adds
// the difference since the last time. While Redis is away differences are kept, by the minute they
// were seen in, an hour of them at the most; one whose fate is not known is not added again. Also
// knows how long an order takes at present. Owned by the composition root.
#pragma once

#include "flow/context.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace claimcheck {

inline constexpr Duration statistics_every = std::chrono::seconds(10);
inline constexpr std::size_t statistics_pending_max = 60;  // minutes that wait for Redis

class Statistics {
 public:
  explicit Statistics(Context& context);

  boost::asio::awaitable<void> run();
  // Whether Redis has all that was counted.
  boost::asio::awaitable<bool> flush();
  // From the payment to the last video, as delivered orders of the last day took it, the latest
  // first, without those that took unusually long; nothing when there were fewer than three.
  std::optional<std::int64_t> expected_delivery_s() const { return expected_s_; }

  // Members of a JSON object: "range":…,"step_s":…,"from":…,"series":{name: [count of each
  // bucket]}; kept for a moment, whoever asks.
  // Errors: Redis does not answer.
  boost::asio::awaitable<Result<std::string>> answer(StatsRange range);

 private:
  struct Answer {
    std::string text;
    Duration fresh_until{0};
  };

  StatsValues counted() const;
  void collect();
  boost::asio::awaitable<void> look_at_deliveries();

  Context& context_;
  StatsValues last_;                     // as counted when they were collected
  std::map<Time, StatsValues> pending_;  // by minute
  bool flushing_ = false;
  std::optional<std::int64_t> expected_s_;
  std::map<StatsRange, Answer> answers_;
};

}  // namespace claimcheck
