// RateLimit: a token bucket per client. Each take costs tokens, and they come back evenly over
// time. When a bucket is empty, the answer is how long to wait. A full bucket is dropped after a
// while, since a new one is the same. So only the clients of the last minutes are kept, at most
// clients_max of them. One thread, no clock of its own.
#pragma once

#include "base/clock.hpp"
#include "base/sweep.hpp"

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
  std::size_t clients() const { return buckets_.size(); }  // kept at present

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
  SweepMark sweep_;
};

}  // namespace claimcheck
