// The parts that the roles of the store in Redis share: the two connections, the limits, and the
// number of partitions that the indexes are spread over. Owned by RedisStore, which outlives its
// roles. Internal to src/store/redis.
#pragma once

#include "net/redis/acks.hpp"
#include "store/limits.hpp"

#include <cstdint>

namespace claimcheck {

struct RedisShared {
  Redis& redis;    // for reads, and for hints
  RedisAcks acks;  // for writes that disk and replicas must have before the answer
  StoreLimits limits;
  int partitions;  // init() replaces it by the stored number
};

// How many orders of the list of all each partition keeps. Rounded up: all partitions together must
// not keep fewer than the limit says.
inline std::int64_t recent_kept(const StoreLimits& limits, int partitions) {
  return (limits.recent_orders + partitions - 1) / partitions;
}

// The base of a role in Redis: gives its operations what they share.
template <typename Role>
class InRedis : public Role {
 public:
  explicit InRedis(RedisShared& shared)
      : redis_(shared.redis),
        acks_(shared.acks),
        limits_(shared.limits),
        partitions_(shared.partitions) {}

 protected:
  Redis& redis_;
  RedisAcks& acks_;
  const StoreLimits& limits_;
  const int& partitions_;
};

}  // namespace claimcheck
