// RedisStore: the Store in Redis; docs/redis-layout.md describes its keys. Every change of several
// keys is one script (lua/), so other processes never see half a change, and Redis decides every
// race between processes. It holds no state but the description of the layout. The connection must
// outlive it. Call init() once before use.
#pragma once

#include "store/redis/shared.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace claimcheck {

inline constexpr int store_schema = 1;
inline constexpr int partitions_max = 100;

// The shared parts are the first base: they are made before the roles and destroyed after them.
class RedisStore final : private RedisShared, public Store {
 public:
  // `partitions` is for a Redis that holds nothing yet; afterwards the stored number is used.
  RedisStore(Redis& redis, StoreLimits limits, int partitions = 1);

  // Writes the layout's description once, or reads it. Errors: the store's; unreadable when a newer
  // release has written it; conflict when this is not the Redis whose epoch is `known_epoch`
  // (empty = any).
  Async<void> init(std::string known_epoch = {});
  // Sets, from now on, which disk and replicas must have a write before its answer. Without a
  // demand a write is answered as soon as the server answers it.
  void demand(AckDemand demand);
  // Whether a write would be sent now. False = its connection is not ready, and it would be
  // refused.
  bool takes_writes() const;
  // The random name of this Redis. Errors: the store's; not_found before the first init().
  Async<std::string> epoch();
  void stop();  // ends the connection that demand() may have opened

 private:
  Result<void> recover_layout(const std::vector<std::string>& meta);
};

}  // namespace claimcheck
