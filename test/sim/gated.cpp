#include "sim/gated.hpp"

#include <utility>

namespace claimcheck::sim {

namespace {

constexpr Duration round_trip_min{50};
constexpr Duration round_trip_max{2000};

std::string bytes_of(const Result<SessionBytes>& session) { return session ? session->bytes : ""; }

// What follows from a decision, not that the clock was put back before it.
std::string why_of(const std::vector<HistoryLine>& lines) {
  for (const HistoryLine& line : lines) {
    if (line.why != "the clock was put back") return line.why;
  }
  return {};
}

// A role of the shared store as one process has it. Every call of it goes `through`: it takes time,
// and may be refused, or done without an answer, or be the last that this process did.
template <typename Role>
class Gated : public Role {
 public:
  Gated(StoreGate& gate, Role& role) : gate_(gate), role_(role) {}

 protected:
  template <typename T>
  Async<T> through(Async<T> call) {
    co_await gate_.gate.pass();
    co_await gate_.clock.sleep(gate_.chance.between(round_trip_min, round_trip_max));
    if (gate_.faults.down || gate_.chance.roll(gate_.faults.refused)) {
      co_return fail(Errc::unavailable, "Redis does not answer");
    }
    Result<T> done = co_await std::move(call);
    co_await gate_.gate.pass();
    if (gate_.chance.roll(gate_.faults.lost)) {
      co_return fail(Errc::ambiguous, "Redis did not answer");
    }
    co_return done;
  }

  StoreGate& gate_;
  Role& role_;
};

// One method of a role that only goes through the gate: what it gives, its name, and the types of
// its parameters. As functions each of them would name its parameters twice, in three lines.
#define GATED_0(T, name) \
  Async<T> name() override { return through(role_.name()); }
#define GATED_1(T, name, A) \
  Async<T> name(A a) override { return through(role_.name(std::forward<A>(a))); }
#define GATED_2(T, name, A, B)                                          \
  Async<T> name(A a, B b) override {                                    \
    return through(role_.name(std::forward<A>(a), std::forward<B>(b))); \
  }
#define GATED_3(T, name, A, B, C)                                                           \
  Async<T> name(A a, B b, C c) override {                                                   \
    return through(role_.name(std::forward<A>(a), std::forward<B>(b), std::forward<C>(c))); \
  }

struct GatedSessions final : Gated<SessionValues> {
  using Gated::Gated;
  GATED_1(SessionBytes, read_session, std::string)
  GATED_3(UpdateResult, write_session, std::string, std::optional<std::string>, std::string)
};

struct GatedOrders final : Gated<Orders> {
  using Gated::Gated;
  GATED_1(bool, create, NewOrder)
  GATED_1(Claim, load, std::string)
  GATED_1(std::vector<Result<Claim>>, load_all, std::vector<std::string>)
  Async<CommitResult> commit(Commit change) override { return through(judged(std::move(change))); }
  GATED_1(std::vector<HistoryLine>, history, std::string)
  GATED_1(ClaimPage, claims, std::string)
  GATED_2(void, mark_opened, std::string, Time)
  GATED_1(Time, opened, std::string)

 private:
  // Nobody else can write while the memory store is at it, so what is read before and after is of
  // this one write.
  Async<CommitResult> judged(Commit change) {
    const std::string id = change.session_id;
    const std::string why = why_of(change.lines);
    SessionValues& sessions = *gate_.store.sessions;
    const Result<Claim> before = co_await role_.load(id);
    const Result<SessionBytes> session_before = co_await sessions.read_session(id);
    const Result<CommitResult> result = co_await role_.commit(std::move(change));
    const Result<Claim> after = co_await role_.load(id);
    const Result<SessionBytes> session_after = co_await sessions.read_session(id);
    Judge& judge = gate_.judge;
    if (result != CommitResult::refused) {
      judge.happened(why);
      judge.stored(id, {*before, *after, bytes_of(session_before), bytes_of(session_after), why});
      judge.shown(id, bytes_of(session_after));  // by now, whatever becomes of the answer
    } else if (before.has_value() != after.has_value() || (before && *before != *after) ||
               bytes_of(session_before) != bytes_of(session_after)) {
      judge.found(id + " was changed by a write that was refused");
    }
    co_return result;
  }
};

struct GatedQueue final : Gated<WorkQueue> {
  using Gated::Gated;
  GATED_2(void, schedule, std::string, Time)
  GATED_1(void, schedule_all, std::vector<Scheduled>)
  Async<void> wake(std::string member) override {
    const Result<void> done = co_await through(role_.wake(member));
    if (done) gate_.judge.woken(member);
    co_return done;
  }
  Async<std::vector<Due>> take(std::size_t limit, Duration lease) override {
    Result<std::vector<Due>> due = co_await through(role_.take(limit, lease));
    if (due) gate_.judge.taken(*due, gate_.clock.now());
    co_return due;
  }
  GATED_2(std::optional<double>, renew, Due, Duration)
  GATED_2(bool, settle, Due, std::optional<Duration>)
  GATED_1(Time, due_at, std::string)
  GATED_0(std::int64_t, waiting)
};

struct GatedJobs final : Gated<JobOwners> {
  using Gated::Gated;
  GATED_2(std::string, own_job, std::string, std::string)
  GATED_1(std::string, job_owner, std::string)
};

struct GatedCheckouts final : Gated<CheckoutRecords> {
  using Gated::Gated;
  GATED_3(IdempotencyRecord, idempotency, std::string, IdempotencyRecord, IfRecorded)
  GATED_2(std::int64_t, book_unpaid, std::string, std::int64_t)
};

struct GatedRefunds final : Gated<RefundGuard> {
  using Gated::Gated;
  GATED_2(std::string, allow_refund, std::string, Money)
  GATED_0(RefundBreaker, refund_breaker)
  GATED_0(bool, release_refunds)
  GATED_0(void, count_delivery)
};

struct GatedGenerator final : Gated<GeneratorBreaker> {
  using Gated::Gated;
  GATED_3(SubmitLeave, ask_generator, std::string, Time, SubmitAsk)
  GATED_1(GeneratorPause, generator_refused, SubmitRefusal)
  GATED_0(Duration, generator_answered)
  GATED_1(void, wait_no_more, std::string)
  GATED_0(GeneratorOutage, generator_outage)
  GATED_1(bool, allow_again, std::string)
  GATED_1(std::vector<std::string>, waiting_for_generator, std::size_t)
};

struct GatedPace final : Gated<CallPace> {
  using Gated::Gated;
  GATED_1(PaceLeave, ask_pace, PaceAsk)
  GATED_3(void, brake_pace, std::string, Duration, PaceBrake)
};

struct GatedLists final : Gated<OrderLists> {
  using Gated::Gated;
  GATED_2(void, remember, std::string, Time)
  GATED_1(std::vector<std::string>, recent, std::size_t)
  Async<void> enlist(OrderList which, std::string id, Time when, IfListed already) override {
    return through(role_.enlist(which, std::move(id), when, already));
  }
  GATED_2(void, unlist, OrderList, ListedOrder)
  GATED_2(Time, listed_since, OrderList, std::string)
  GATED_3(std::vector<ListedOrder>, list, OrderList, std::optional<ListedOrder>, std::size_t)
  GATED_0(OrderCounts, order_counts)
};

struct GatedWords final : Gated<SearchWords> {
  using Gated::Gated;
  GATED_3(void, index_word, std::string, std::string, Time)
  GATED_1(std::vector<std::string>, find_word, std::string)
  GATED_2(void, forget_word, std::string, std::string)
};

struct GatedCounts final : Gated<CountsOverTime> {
  using Gated::Gated;
  GATED_2(void, add_stats, Time, StatsValues)
  GATED_3(std::vector<StatsBucket>, stats, StatsRange, Time, std::int64_t)
};

struct GatedOutbox final : Gated<Outbox> {
  using Gated::Gated;
  GATED_1(void, put_message, OutboxMessage)
  GATED_3(std::vector<TakenMessage>, take_messages, Channel, std::size_t, Duration)
  GATED_2(bool, settle_message, TakenMessage, AttemptResult)
  GATED_2(std::vector<OutboxMessage>, messages, MessageState, std::size_t)
  GATED_1(std::int64_t, retry_message, std::string)
};

struct GatedMarks final : Gated<StoreMarks> {
  using Gated::Gated;
  GATED_0(Time, born)
  GATED_1(std::string, bind_account, std::string)
  GATED_0(void, ready)
  GATED_0(Time, reconciled)
  GATED_1(void, set_reconciled, Time)
  GATED_3(std::optional<Time>, next_walk, std::optional<Time>, Duration, Duration)
};

Store roles_behind(StoreGate& gate) {
  Store& all = gate.store;
  return {.sessions = std::make_unique<GatedSessions>(gate, *all.sessions),
          .orders = std::make_unique<GatedOrders>(gate, *all.orders),
          .queue = std::make_unique<GatedQueue>(gate, *all.queue),
          .jobs = std::make_unique<GatedJobs>(gate, *all.jobs),
          .checkouts = std::make_unique<GatedCheckouts>(gate, *all.checkouts),
          .refunds = std::make_unique<GatedRefunds>(gate, *all.refunds),
          .generator = std::make_unique<GatedGenerator>(gate, *all.generator),
          .pace = std::make_unique<GatedPace>(gate, *all.pace),
          .lists = std::make_unique<GatedLists>(gate, *all.lists),
          .words = std::make_unique<GatedWords>(gate, *all.words),
          .counts = std::make_unique<GatedCounts>(gate, *all.counts),
          .outbox = std::make_unique<GatedOutbox>(gate, *all.outbox),
          .marks = std::make_unique<GatedMarks>(gate, *all.marks)};
}

}  // namespace

GatedStore::GatedStore(StoreGate gate) : StoreGate(gate), Store(roles_behind(*this)) {}

}  // namespace claimcheck::sim
