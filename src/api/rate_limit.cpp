#include "api/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace claimcheck {

RateLimit::RateLimit(RateLimitOptions options) : options_(options) {}

double RateLimit::level(const Bucket& bucket, Duration now) const {
  const double passed_s = std::chrono::duration<double>(now - bucket.filled_at).count();
  return std::min(options_.burst, bucket.tokens + passed_s * options_.per_second);
}

void RateLimit::forget_full(Duration now) {
  // A full bucket is the same as none, so dropping it changes no answer.
  std::erase_if(buckets_,
                [&](const auto& entry) { return level(entry.second, now) >= options_.burst; });
  if (buckets_.size() >= options_.clients_max)
    buckets_.clear();  // an attack from many addresses: start anew
  sweep_.swept(buckets_.size());
}

Duration RateLimit::take(const std::string& client, double tokens, Duration steady_now) {
  const std::size_t kept = buckets_.size();
  // Not at each take: a sweep reads all buckets, and a flood comes from many addresses.
  if (kept >= options_.clients_max || sweep_.due(kept)) forget_full(steady_now);
  const auto [entry, fresh] =
      buckets_.try_emplace(client, Bucket{.tokens = options_.burst, .filled_at = steady_now});
  Bucket& bucket = entry->second;
  bucket.tokens = level(bucket, steady_now);
  bucket.filled_at = steady_now;
  // Nobody can have more tokens than a full bucket holds. So a larger cost passes when the bucket
  // is full.
  const double needed = std::min(tokens, options_.burst);
  if (bucket.tokens >= needed) {
    bucket.tokens -= needed;
    return Duration(0);
  }
  return until(needed, bucket.tokens);
}

Duration RateLimit::wait(const std::string& client, double tokens, Duration steady_now) const {
  const auto entry = buckets_.find(client);
  // Nothing is created by a question, so asking costs no memory.
  if (entry == buckets_.end()) return Duration(0);
  return until(std::min(tokens, options_.burst), level(entry->second, steady_now));
}

Duration RateLimit::until(double needed, double have) const {
  if (have >= needed) return Duration(0);
  const double wait_s = (needed - have) / options_.per_second;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(wait_s)));
}

}  // namespace claimcheck
