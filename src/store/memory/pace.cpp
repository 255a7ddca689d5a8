// The pace of calls to a peer, in memory.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

namespace claimcheck {

namespace {

class MemoryCallPace final : public InMemory<CallPace> {
 public:
  using InMemory::InMemory;

  Async<PaceLeave> ask_pace(PaceAsk ask) override {
    co_return contents_.paces[ask.limit].ask(ask, clock_.now());
  }

  Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) override {
    contents_.paces[limit].brake(burst, brake, clock_.now());
    co_return Result<void>();
  }
};

}  // namespace

std::unique_ptr<CallPace> call_pace_in(MemoryShared& shared) {
  return std::make_unique<MemoryCallPace>(shared);
}

}  // namespace claimcheck
