// MemoryStore: the Store inside this process, for the simulation and for tests that are not about
// Redis. Keeps the promises of RedisStore, also the lives of values, by its clock; forgets
// everything with the process. For one thread.
#pragma once

#include "store/memory/shared.hpp"
#include "store/store.hpp"

namespace claimcheck {

// The shared parts are the first base: they are made before the roles and destroyed after them.
class MemoryStore final : private MemoryShared, public Store {
 public:
  explicit MemoryStore(Clock& clock, StoreLimits limits = {});

  // A copy of everything. Going back to it acts as a Redis that lost its last writes.
  using Snapshot = MemoryContents;
  Snapshot snapshot() const { return contents; }
  void go_back(const Snapshot& snapshot) { contents = snapshot; }
};

}  // namespace claimcheck
