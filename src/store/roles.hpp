// Every role of the store, and the functions that make it: once in Redis, once in memory. The class
// behind a role is in the file of that name in redis/ and in memory/; no other file sees it. What
// the roles share must outlive them. Internal to src/store.
#pragma once

#include "store/store.hpp"

namespace claimcheck {

struct RedisShared;   // redis/shared.hpp
struct MemoryShared;  // memory/shared.hpp

std::unique_ptr<SessionValues> session_values_in(RedisShared& shared);
std::unique_ptr<SessionValues> session_values_in(MemoryShared& shared);
std::unique_ptr<Orders> orders_in(RedisShared& shared);
std::unique_ptr<Orders> orders_in(MemoryShared& shared);
std::unique_ptr<WorkQueue> work_queue_in(RedisShared& shared);
std::unique_ptr<WorkQueue> work_queue_in(MemoryShared& shared);
std::unique_ptr<JobOwners> job_owners_in(RedisShared& shared);
std::unique_ptr<JobOwners> job_owners_in(MemoryShared& shared);
std::unique_ptr<CheckoutRecords> checkout_records_in(RedisShared& shared);
std::unique_ptr<CheckoutRecords> checkout_records_in(MemoryShared& shared);
std::unique_ptr<RefundGuard> refund_guard_in(RedisShared& shared);
std::unique_ptr<RefundGuard> refund_guard_in(MemoryShared& shared);
std::unique_ptr<GeneratorBreaker> generator_breaker_in(RedisShared& shared);
std::unique_ptr<GeneratorBreaker> generator_breaker_in(MemoryShared& shared);
std::unique_ptr<GeneratorPlaces> generator_places_in(RedisShared& shared);
std::unique_ptr<GeneratorPlaces> generator_places_in(MemoryShared& shared);
std::unique_ptr<CallPace> call_pace_in(RedisShared& shared);
std::unique_ptr<CallPace> call_pace_in(MemoryShared& shared);
std::unique_ptr<CheckoutGate> checkout_gate_in(RedisShared& shared);
std::unique_ptr<CheckoutGate> checkout_gate_in(MemoryShared& shared);
std::unique_ptr<OrderLists> order_lists_in(RedisShared& shared);
std::unique_ptr<OrderLists> order_lists_in(MemoryShared& shared);
std::unique_ptr<SearchWords> search_words_in(RedisShared& shared);
std::unique_ptr<SearchWords> search_words_in(MemoryShared& shared);
std::unique_ptr<CountsOverTime> counts_in(RedisShared& shared);
std::unique_ptr<CountsOverTime> counts_in(MemoryShared& shared);
std::unique_ptr<Outbox> outbox_in(RedisShared& shared);
std::unique_ptr<Outbox> outbox_in(MemoryShared& shared);
std::unique_ptr<StoreMarks> marks_in(RedisShared& shared);
std::unique_ptr<StoreMarks> marks_in(MemoryShared& shared);
std::unique_ptr<Alerts> alerts_in(RedisShared& shared);
std::unique_ptr<Alerts> alerts_in(MemoryShared& shared);

// All of them, in one of the two places.
template <typename Shared>
Store roles_in(Shared& shared) {
  return {.sessions = session_values_in(shared),
          .orders = orders_in(shared),
          .queue = work_queue_in(shared),
          .jobs = job_owners_in(shared),
          .checkouts = checkout_records_in(shared),
          .refunds = refund_guard_in(shared),
          .generator = generator_breaker_in(shared),
          .places = generator_places_in(shared),
          .pace = call_pace_in(shared),
          .gate = checkout_gate_in(shared),
          .lists = order_lists_in(shared),
          .words = search_words_in(shared),
          .counts = counts_in(shared),
          .outbox = outbox_in(shared),
          .marks = marks_in(shared),
          .alerts = alerts_in(shared)};
}

}  // namespace claimcheck
