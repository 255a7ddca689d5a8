// RedisStore: the Store in Redis, as docs/redis-layout.md describes it. Every change of several
// keys is one script (lua/), so other processes never see half of it, and every race between
// processes is decided by Redis. Holds no state but the layout's description. The connection must
// outlive it. Call init() once before use.
#pragma once

#include "net/redis/acks.hpp"
#include "store/store.hpp"

namespace claimcheck {

inline constexpr int store_schema = 1;
inline constexpr int partitions_max = 100;

class RedisStore final : public Store {
 public:
  // `partitions` is for a Redis that holds nothing yet; afterwards the stored number is used.
  RedisStore(Redis& redis, StoreLimits limits, int partitions = 1);

  // Writes the layout's description once, or reads it. Errors: unreadable when a newer release
  // has written it; conflict when this is not the Redis whose epoch is `known_epoch` (empty = any).
  Async<void> init(std::string known_epoch = {});
  // When is a write answered? From now on. Without a demand it is when the server answers it.
  void demand(AckDemand demand);
  // Whether a write would be sent now, and not be refused for want of its connection.
  bool takes_writes() const { return acks_.ready(); }
  // The random name of this Redis; not_found before the first init().
  Async<std::string> epoch();
  void stop();  // ends the connection that demand() may have opened

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

 private:
  std::string due_key(std::string_view member) const;
  Async<std::vector<Due>> take_from(int partition, std::size_t limit, Duration lease);
  std::string list_key(OrderList which, int partition) const;
  // How many each partition has at that moment.
  Async<std::vector<std::size_t>> listed_at(OrderList which, Time when);
  Async<std::vector<TakenLetter>> take_letters_from(int partition, LetterWay way, std::size_t limit,
                                                    Duration lease);
  // The record behind each "<way>:<id>"; those whose life is over are left out.
  Async<std::vector<Letter>> read_letters(std::vector<std::string> names);
  Result<void> adopt_layout(const std::vector<std::string>& meta);

  Redis& redis_;
  RedisAcks acks_;
  StoreLimits limits_;
  int partitions_;
  int first_partition_ = 0;  // where the next take() begins, so that none is starved
  int first_outbox_ = 0;     // and the next take_letters()
};

}  // namespace claimcheck
