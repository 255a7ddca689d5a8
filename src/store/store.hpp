// Store: every byte that claimcheck keeps in Redis, divided into roles by their users. Each role
// has a header of its own, and each of its operations is atomic. RedisStore (store/redis/store.hpp)
// keeps the bytes in Redis; MemoryStore (store/memory/store.hpp) keeps the same promises inside the
// process. One contract suite runs against both. The part that builds a store owns it; the flows
// borrow the roles that they use, or the whole store where they need most of it. Errors are values,
// and common to all roles: store/async.hpp.
#pragma once

#include "store/alerts.hpp"
#include "store/checkout_gate.hpp"
#include "store/checkout_records.hpp"
#include "store/generator_breaker.hpp"
#include "store/generator_places.hpp"
#include "store/job_owners.hpp"
#include "store/limits.hpp"
#include "store/marks.hpp"
#include "store/order_lists.hpp"
#include "store/orders.hpp"
#include "store/outbox.hpp"
#include "store/pace.hpp"
#include "store/refund_guard.hpp"
#include "store/search_words.hpp"
#include "store/session_bytes.hpp"
#include "store/stats.hpp"
#include "store/work_queue.hpp"

#include <memory>

namespace claimcheck {

// No role is ever null.
struct Store {
  std::unique_ptr<SessionValues> sessions;
  std::unique_ptr<Orders> orders;
  std::unique_ptr<WorkQueue> queue;
  std::unique_ptr<JobOwners> jobs;
  std::unique_ptr<CheckoutRecords> checkouts;
  std::unique_ptr<RefundGuard> refunds;
  std::unique_ptr<GeneratorBreaker> generator;
  std::unique_ptr<GeneratorPlaces> places;
  std::unique_ptr<CallPace> pace;
  std::unique_ptr<CheckoutGate> gate;
  std::unique_ptr<OrderLists> lists;
  std::unique_ptr<SearchWords> words;
  std::unique_ptr<CountsOverTime> counts;
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<StoreMarks> marks;
  std::unique_ptr<Alerts> alerts;
};

}  // namespace claimcheck
