// MemoryStore: the Store inside this process, for the simulation and for tests that are not about
// Redis. Keeps the promises of RedisStore, also the lives of values, by its clock; forgets
// everything with the process. For one thread.
#pragma once

#include "store/memory/shared.hpp"
#include "store/store.hpp"

namespace claimcheck {

// What the roles share comes first: it is there before them and goes after them.
class MemoryStore final : private MemoryShared, public Store {
 public:
  explicit MemoryStore(Clock& clock, StoreLimits limits = {});

  // Everything as it is now; going back to it is what a Redis does that forgets its last writes.
  using Snapshot = MemoryContents;
  Snapshot snapshot() const { return contents; }
  void go_back(const Snapshot& snapshot) { contents = snapshot; }
};

}  // namespace claimcheck
