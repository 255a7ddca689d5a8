// The records that a checkout leaves beside its order, in memory.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

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

  Async<std::int64_t> book_unpaid(std::string session_id, std::int64_t bytes) override {
    contents_.unpaid[session_id] = bytes;
    // Released: order_counts() counts the entries as unpaid orders.
    if (bytes == 0) contents_.unpaid.erase(session_id);
    std::int64_t total = 0;
    for (const auto& [id, booked] : contents_.unpaid) total += booked;
    co_return total;
  }
};

}  // namespace

std::unique_ptr<CheckoutRecords> checkout_records_in(MemoryShared& shared) {
  return std::make_unique<MemoryCheckoutRecords>(shared);
}

}  // namespace claimcheck
