// The parts that the roles of the store in memory share: the clock, the limits, and everything that
// is kept. No caller gets an expired value, as in Redis. Owned by MemoryStore, which outlives its
// roles. Internal to src/store/memory.
#pragma once

#include "base/crypto.hpp"
#include "domain/balance.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// Values that expire, by key.
template <typename Value>
struct Entry {
  Value value;
  Time ends;
};
template <typename Value>
using Entries = std::map<std::string, Entry<Value>, std::less<>>;

// The value, or null if it does not exist or has expired.
template <typename Value>
Value* living(Entries<Value>& entries, std::string_view key, Time now) {
  const auto entry = entries.find(key);
  if (entry == entries.end()) return nullptr;
  if (entry->second.ends > now) return &entry->second.value;
  entries.erase(entry);
  return nullptr;
}

template <typename Value>
void put(Entries<Value>& entries, const std::string& key, Value value, Time ends) {
  entries.insert_or_assign(key, Entry<Value>{std::move(value), ends});
}

struct StoredOrder {
  Claim claim;
  std::vector<std::string> history;
};

struct Lease {
  std::int64_t until_us = 0;
  std::int64_t lapses = 0;
};

struct AllowedRefund {
  Time when;
  Money amount;
};

struct StoredBreaker {
  std::optional<Time> since;   // open
  std::optional<Time> closed;  // after that, while submits grow
  std::string reason;
  Duration pause{0};
  Time probe;
  bool probing = false;
  std::int64_t misses = 0;
  std::int64_t sent = 0;
  std::map<std::string, Time> paid;  // of the units that wait
};

// The places at a generator and the line for them: lua/ask_generator.lua.
struct StoredLine {
  std::map<std::string, Time> places;  // units, by when their place lapses
  std::map<std::string, Time> asking;  // members of the line, by when they count as gone
  std::map<std::string, Time> served;  // tools
  Time next;                           // submit, by the rate
  std::optional<Time> granted;
  bool busy = false;
  std::int64_t grants = 0;
  Duration gaps{0};
};

struct Post {
  OutboxMessage message;
  std::int64_t due_us = 0;
  Time ends;
};

// Everything that is kept, as a value. A test goes back to an earlier copy to act as a Redis that
// lost its last writes.
struct MemoryContents {
  Entries<std::string> sessions;
  Entries<StoredOrder> orders;
  Entries<std::string> jobs;
  Entries<Time> opened;
  Entries<IdempotencyRecord> idempotency;
  std::map<std::string, std::int64_t> due;  // score, us
  std::map<std::string, Lease> taken;       // the leases, by member
  std::map<std::string, std::int64_t> unpaid;
  std::map<std::string, Time> recent;
  std::map<std::string, Time> held;
  std::map<std::string, Time> disputed;
  Entries<std::map<std::string, Time>> words;
  Entries<StatsValues> stats;                    // by key
  std::map<std::string, AllowedRefund> refunds;  // by unit
  std::vector<Time> deliveries;
  RefundBreaker refund_breaker;
  Time refunds_released;
  std::map<std::string, StoredBreaker> generators;  // by name
  std::map<std::string, StoredLine> lines;          // likewise
  std::map<std::string, Time> again;                // generations that followed a failure
  std::map<std::string, PaceBook> paces;
  std::map<std::string, GateBook> gate_clients;
  std::map<std::string, Time> declines;  // when, by the id of the event
  std::optional<CheckoutPause> checkout_pause;
  std::string account;
  Time reconciled;
  Time next_walk;
  std::map<AlertKind, AlertRecord> alerts;
  std::map<std::string, std::vector<BalanceReading>> balance_readings;  // by generator
  Entries<bool> balance_turns;        // one, while nobody is to read the balance
  Entries<bool> deletion_turns;       // one, while nobody is to delete old results
  std::map<std::string, Post> posts;  // the outbox, by "<channel>:<id>"
};

struct MemoryShared {
  Clock& clock;
  StoreLimits limits;
  Time born;
  MemoryContents contents;

  // The digest of a session value; "" = there is none.
  std::string session_digest(std::string_view session_id) {
    const std::string* bytes = living(contents.sessions, session_id, clock.now());
    return bytes == nullptr ? "" : sha1_hex(*bytes);
  }

  // Puts an order on the list of all.
  void remember(const std::string& session_id, Time created) {
    std::map<std::string, Time>& recent = contents.recent;
    recent.insert_or_assign(session_id, created);
    if (std::ssize(recent) <= limits.recent_orders) return;
    // One too many at most, since each call adds one: the oldest is removed.
    recent.erase(std::ranges::min_element(recent, {}, [](const auto& e) { return e.second; }));
  }
};

// The base of a role in memory: gives its operations what they share.
template <typename Role>
class InMemory : public Role {
 public:
  explicit InMemory(MemoryShared& shared)
      : shared_(shared), clock_(shared.clock), limits_(shared.limits), contents_(shared.contents) {}

 protected:
  MemoryShared& shared_;
  Clock& clock_;
  const StoreLimits& limits_;
  MemoryContents& contents_;
};

}  // namespace claimcheck
