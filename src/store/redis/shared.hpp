// What the roles of the store in Redis share: the two connections, the limits, and over how many
// partitions the indexes are spread. Owned by RedisStore, which outlives its roles. Internal to
// src/store/redis.
#pragma once

#include "net/redis/acks.hpp"
#include "store/limits.hpp"

namespace claimcheck {

struct RedisShared {
  Redis& redis;    // for what only reads, and for hints
  RedisAcks acks;  // for what is answered when disk and replicas have it
  StoreLimits limits;
  int partitions;  // init() sets what is stored
};

// A role of the store in Redis: what the operations of `Role` speak with.
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
