// The pace of calls to a peer, in memory.
#include "store/memory/store.hpp"

namespace claimcheck {

Async<PaceLeave> MemoryStore::ask_pace(PaceAsk ask) {
  co_return contents_.paces[ask.limit].ask(ask, clock_.now());
}

Async<void> MemoryStore::brake_pace(std::string limit, Duration burst, PaceBrake brake) {
  contents_.paces[limit].brake(burst, brake, clock_.now());
  co_return Result<void>();
}

}  // namespace claimcheck
