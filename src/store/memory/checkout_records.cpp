// The records that a checkout leaves beside its order, in memory.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

class MemoryCheckoutRecords final : public InMemory<CheckoutRecords> {
 public:
  using InMemory::InMemory;

  Async<IdempotencyRecord> idempotency(std::string key, IdempotencyRecord record,
                                       IfRecorded recorded) override {
    const IdempotencyRecord* stored = living(contents_.idempotency, key, clock_.now());
    if (stored != nullptr && recorded == IfRecorded::keep) co_return *stored;
    put(contents_.idempotency, key, record, clock_.now() + limits_.idempotency_ttl);
    co_return record;
  }

  Async<std::int64_t> enter(NewPlaces places) override {
    const auto [due, added] = contents_.due.try_emplace(places.session_id, to_us(places.due));
    if (!added) due->second = std::min(due->second, to_us(places.due));
    contents_.unpaid[places.session_id] = places.bytes;
    shared_.remember(places.session_id, places.created);
    co_return total();
  }

  Async<void> release_unpaid(std::string session_id) override {
    contents_.unpaid.erase(session_id);
    co_return Result<void>();
  }

  Async<std::int64_t> unpaid_bytes() override { co_return total(); }

 private:
  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const auto& [id, bytes] : contents_.unpaid) sum += bytes;
    return sum;
  }
};

}  // namespace

std::unique_ptr<CheckoutRecords> checkout_records_in(MemoryShared& shared) {
  return std::make_unique<MemoryCheckoutRecords>(shared);
}

}  // namespace claimcheck
