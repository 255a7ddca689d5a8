// MemoryStore: the Store inside this process, for the simulation and for tests that are not about
// Redis. Keeps the promises of RedisStore, also the lives of values, by its clock; forgets
// everything with the process. For one thread.
#pragma once

#include "store/store.hpp"

#include <map>

namespace claimcheck {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Clock& clock, StoreLimits limits = {});

  Async<SessionBytes> read_session(std::string session_id) override;
  Async<UpdateResult> write_session(std::string session_id,
                                    std::optional<std::string> expected_digest,
                                    std::string bytes) override;

  Async<bool> create(NewOrder order) override;
  Async<Claim> load(std::string session_id) override;
  Async<CommitResult> commit(Commit change) override;
  Async<std::vector<HistoryLine>> history(std::string session_id) override;

  Async<void> schedule(std::string member, Time when) override;
  Async<void> schedule_all(std::vector<Scheduled> lost) override;
  Async<void> wake(std::string member) override;
  Async<std::vector<Due>> take(std::size_t limit, Duration lease) override;
  Async<std::optional<double>> renew(Due taken, Duration lease) override;
  Async<bool> settle(Due taken, std::optional<Duration> delay) override;

  Async<std::string> own_job(std::string job, std::string owner) override;
  Async<std::string> job_owner(std::string job) override;
  Async<IdempotencyRecord> idempotency(std::string key, IdempotencyRecord record,
                                       bool replace) override;
  Async<std::int64_t> book_unpaid(std::string session_id, std::int64_t bytes) override;
  Async<std::string> allow_refund(std::string unit, Money amount) override;
  Async<RefundBreaker> refund_breaker() override;
  Async<bool> release_refunds() override;
  Async<void> count_delivery() override;
  Async<SubmitLeave> ask_generator(std::string unit, Time paid, bool goes) override;
  Async<GeneratorPause> generator_refused(SubmitRefusal refusal) override;
  Async<Duration> generator_answered() override;
  Async<void> wait_no_more(std::string unit) override;
  Async<GeneratorOutage> generator_outage() override;
  Async<bool> allow_again(std::string generation) override;
  Async<std::vector<std::string>> waiting_for_generator(std::size_t limit) override;
  Async<void> mark_opened(std::string session_id, Time when) override;
  Async<Time> opened(std::string session_id) override;
  Async<PaceLeave> ask_pace(PaceAsk ask) override;
  Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) override;
  Async<void> remember(std::string session_id, Time created) override;
  Async<std::vector<std::string>> recent(std::size_t limit) override;

  Async<void> enlist(OrderList which, std::string session_id, Time when, bool anew) override;
  Async<void> unlist(OrderList which, ListedOrder listed) override;
  Async<Time> listed_since(OrderList which, std::string session_id) override;
  Async<std::vector<ListedOrder>> list(OrderList which, std::optional<ListedOrder> after,
                                       std::size_t limit) override;
  Async<std::vector<Result<Claim>>> load_all(std::vector<std::string> session_ids) override;
  Async<Time> due_at(std::string member) override;
  Async<OrderCounts> order_counts() override;
  Async<void> index_word(std::string word, std::string session_id, Time when) override;
  Async<std::vector<std::string>> find_word(std::string word) override;
  Async<void> forget_word(std::string word, std::string session_id) override;
  Async<void> add_stats(Time when, StatsValues differences) override;
  Async<std::vector<StatsBucket>> stats(StatsRange range, Time now, std::int64_t buckets) override;

  Async<Time> born() override;
  Async<std::string> bind_account(std::string account) override;
  Async<std::int64_t> waiting() override;
  Async<Time> reconciled() override;
  Async<void> set_reconciled(Time when) override;
  Async<std::optional<Time>> next_walk(std::optional<Time> ours, Duration delay,
                                       Duration longest) override;
  Async<ClaimPage> claims(std::string cursor) override;
  Async<void> ready() override;

  Async<void> put_letter(Letter letter) override;
  Async<std::vector<TakenLetter>> take_letters(LetterWay way, std::size_t limit,
                                               Duration lease) override;
  Async<bool> settle_letter(TakenLetter taken, LetterEnd end) override;
  Async<std::vector<Letter>> letters(LetterState state, std::size_t limit) override;
  Async<std::int64_t> retry_letter(std::string id) override;

  // Everything as it is now; going back to it is what a Redis does that forgets its last writes.
  class Snapshot;
  Snapshot snapshot() const;
  void go_back(const Snapshot& snapshot);

 private:
  template <typename Value>
  struct Entry {
    Value value;
    Time ends;
  };
  template <typename Value>
  using Entries = std::map<std::string, Entry<Value>, std::less<>>;
  struct Order {
    Claim claim;
    std::vector<std::string> history;
  };

  // The value, or null if it is not there or its life is over.
  template <typename Value>
  Value* living(Entries<Value>& entries, std::string_view key);
  template <typename Value>
  void put(Entries<Value>& entries, const std::string& key, Value value, Duration life);
  std::string digest(std::string_view session_id);
  void note(Order& order, const HistoryLine& line) const;

  struct AllowedRefund {
    Time when;
    Money amount;
  };
  struct Taken {
    std::int64_t until_us = 0;
    std::int64_t lapses = 0;
  };
  struct Post {
    Letter letter;
    std::int64_t due_us = 0;
    Time ends;
  };
  struct MemoryBreaker {
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
  struct Contents {
    Entries<std::string> sessions;
    Entries<Order> orders;
    Entries<std::string> jobs;
    Entries<Time> opened;
    Entries<IdempotencyRecord> idempotency;
    std::map<std::string, std::int64_t> due;  // score, us
    std::map<std::string, Taken> taken;       // whose lease runs
    std::map<std::string, std::int64_t> unpaid;
    std::map<std::string, Time> recent;
    std::map<std::string, Time> held;
    std::map<std::string, Time> disputed;
    Entries<std::map<std::string, Time>> words;
    Entries<StatsValues> stats;                    // by key
    std::map<std::string, AllowedRefund> refunds;  // by unit
    std::vector<Time> deliveries;
    RefundBreaker breaker;
    MemoryBreaker generator;
    std::map<std::string, Time> again;  // generations that followed a failure
    std::map<std::string, PaceBook> paces;
    Time released;
    std::string account;
    Time reconciled;
    Time next_walk;
    std::map<std::string, Post> posts;  // the outbox, by "<way>:<id>"
  };

  std::map<std::string, Time>& listed(OrderList which);
  void forget_old_posts();

  Clock& clock_;
  StoreLimits limits_;
  Time born_;
  Contents contents_;
  std::int64_t last_taken_ = 0;  // no two takes give the same score
};

template <typename Value>
Value* MemoryStore::living(Entries<Value>& entries, std::string_view key) {
  const auto entry = entries.find(key);
  if (entry == entries.end()) return nullptr;
  if (entry->second.ends > clock_.now()) return &entry->second.value;
  entries.erase(entry);
  return nullptr;
}

template <typename Value>
void MemoryStore::put(Entries<Value>& entries, const std::string& key, Value value, Duration life) {
  entries.insert_or_assign(key, Entry<Value>{std::move(value), clock_.now() + life});
}

class MemoryStore::Snapshot {
  friend class MemoryStore;
  Contents contents_;
};

}  // namespace claimcheck
