// The seams of a simulated process, each behind its gate: a clock, an HTTP client and a store that
// stop for ever when the process crashes. The store also fails, before or after it did what it was
// asked to, and tells the judge what buyers were shown.
#pragma once

#include "net/http/http.hpp"
#include "sim/gate.hpp"
#include "sim/judge.hpp"
#include "store/memory/store.hpp"

namespace claimcheck::sim {

// Its machine's wall clock can be wrong, and jump; its steady time cannot.
class GatedClock final : public Clock {
 public:
  GatedClock(Clock& clock, Gate& gate) : clock_(clock), gate_(gate) {}
  void step(Duration length) { ahead_ += length; }
  Time now() const override { return clock_.now() + ahead_; }
  Duration steady() const override { return clock_.steady(); }
  boost::asio::awaitable<void> sleep(Duration length) override {
    co_await clock_.sleep(length);
    co_await gate_.pass_after_sleep();
  }

 private:
  Clock& clock_;
  Gate& gate_;
  Duration ahead_{0};
};

class GatedClient final : public HttpClient {
 public:
  GatedClient(HttpClient& http, Gate& gate) : http_(http), gate_(gate) {}
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    co_await gate_.pass();
    Result<HttpResponse> answer = co_await http_.send(std::move(call));
    co_await gate_.pass();
    co_return answer;
  }

 private:
  HttpClient& http_;
  Gate& gate_;
};

struct StoreFaults {
  double refused = 0;  // nothing was done
  double lost = 0;     // done, but the answer is lost
  bool down = false;
};

class GatedStore final : public Store {
 public:
  GatedStore(MemoryStore& store, Gate& gate, Clock& clock, Chance& chance,
             const StoreFaults& faults, Judge& judge)
      : store_(store),
        gate_(gate),
        clock_(clock),
        chance_(chance),
        faults_(faults),
        judge_(judge) {}

  Async<SessionBytes> read_session(std::string id) override;
  Async<UpdateResult> write_session(std::string id, std::optional<std::string> digest,
                                    std::string bytes) override;
  Async<bool> create(NewOrder order) override;
  Async<Claim> load(std::string id) override;
  Async<CommitResult> commit(Commit change) override;
  Async<std::vector<HistoryLine>> history(std::string id) override;
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
  Async<std::int64_t> book_unpaid(std::string id, std::int64_t bytes) override;
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
  Async<void> mark_opened(std::string id, Time when) override;
  Async<Time> opened(std::string id) override;
  Async<PaceLeave> ask_pace(PaceAsk ask) override;
  Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) override;
  Async<void> remember(std::string id, Time created) override;
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
  template <typename T>
  Async<T> through(Async<T> deed);
  Async<CommitResult> commit_judged(Commit change);

  MemoryStore& store_;
  Gate& gate_;
  Clock& clock_;
  Chance& chance_;
  const StoreFaults& faults_;
  Judge& judge_;
};

}  // namespace claimcheck::sim
