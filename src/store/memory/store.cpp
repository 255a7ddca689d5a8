#include "store/memory/store.hpp"

#include "store/roles.hpp"

namespace claimcheck {

MemoryStore::MemoryStore(Clock& clock, StoreLimits limits)
    : MemoryShared{.clock = clock, .limits = limits, .born = clock.now(), .contents = {}},
      Store(roles_in<MemoryShared>(*this)) {}

}  // namespace claimcheck
