// RateLimit: a token bucket per client. Each take costs tokens, they come back evenly over time;
// an empty bucket says how long to wait. Keeps at most clients_max buckets: full ones are
// forgotten first, since they say nothing. One thread, no clock of its own.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <unordered_map>

namespace claimcheck {

struct RateLimitOptions {
  double burst = 60;      // tokens of a full bucket
  double per_second = 1;  // tokens that come back
  std::size_t clients_max = 100'000;
};

class RateLimit {
 public:
  explicit RateLimit(RateLimitOptions options);
  // Zero = allowed and taken; else nothing is taken and this is how long to wait.
  Duration take(const std::string& client, double tokens, Duration steady_now);
  // The same question, and nothing is taken.
  Duration wait(const std::string& client, double tokens, Duration steady_now) const;

 private:
  struct Bucket {
    double tokens;
    Duration filled_at;
  };
  void forget_full(Duration now);
  double level(const Bucket& bucket, Duration now) const;
  Duration until(double needed, double have) const;

  RateLimitOptions options_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace claimcheck
