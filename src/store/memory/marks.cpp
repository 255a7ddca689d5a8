// The marks of this store as a whole, in memory.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

namespace claimcheck {

namespace {

class MemoryStoreMarks final : public InMemory<StoreMarks> {
 public:
  using InMemory::InMemory;

  Async<Time> born() override { co_return shared_.born; }

  Async<std::string> bind_account(std::string account) override {
    if (contents_.account.empty()) contents_.account = std::move(account);
    co_return contents_.account;
  }

  Async<void> ready() override { co_return Result<void>(); }

  Async<Time> reconciled() override { co_return contents_.reconciled; }

  Async<void> set_reconciled(Time when) override {
    contents_.reconciled = when;
    co_return Result<void>();
  }

  Async<std::optional<Time>> next_walk(std::optional<Time> ours, Duration delay,
                                       Duration longest) override {
    const Time now = clock_.now();
    const Time due = contents_.next_walk;
    // Yes, when our own time is still stored, when the walk is due, or when the stored time is one
    // that no process can have written.
    if (ours != due && due > now && due <= now + longest) co_return std::nullopt;
    contents_.next_walk = now + delay;
    co_return contents_.next_walk;
  }

  Async<bool> deletion_turn(Duration period) override {
    if (living(contents_.deletion_turns, "", clock_.now()) != nullptr) co_return false;
    put(contents_.deletion_turns, "", true, clock_.now() + period);
    co_return true;
  }
};

}  // namespace

std::unique_ptr<StoreMarks> marks_in(MemoryShared& shared) {
  return std::make_unique<MemoryStoreMarks>(shared);
}

}  // namespace claimcheck
