#include "sim/faulty_store.hpp"

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
class FaultyRole : public Role {
 public:
  FaultyRole(FaultyStoreParts& parts, Role& role) : parts_(parts), role_(role) {}

 protected:
  template <typename T>
  Async<T> through(Async<T> call) {
    co_await parts_.crash_point.pass();
    co_await parts_.clock.sleep(parts_.chance.between(round_trip_min, round_trip_max));
    if (parts_.faults.down || parts_.chance.roll(parts_.faults.refused)) {
      co_return fail(Errc::unavailable, "Redis does not answer");
    }
    Result<T> done = co_await std::move(call);
    co_await parts_.crash_point.pass();
    if (parts_.chance.roll(parts_.faults.lost)) {
      co_return fail(Errc::ambiguous, "Redis did not answer");
    }
    co_return done;
  }

  FaultyStoreParts& parts_;
  Role& role_;
};

// One method of a role that only goes `through`: what it gives, its name, and the types of its
// parameters. As functions each of them would name its parameters twice, in three lines.
#define FORWARD_0(T, name) \
  Async<T> name() override { return through(role_.name()); }
#define FORWARD_1(T, name, A) \
  Async<T> name(A a) override { return through(role_.name(std::forward<A>(a))); }
#define FORWARD_2(T, name, A, B)                                        \
  Async<T> name(A a, B b) override {                                    \
    return through(role_.name(std::forward<A>(a), std::forward<B>(b))); \
  }
#define FORWARD_3(T, name, A, B, C)                                                         \
  Async<T> name(A a, B b, C c) override {                                                   \
    return through(role_.name(std::forward<A>(a), std::forward<B>(b), std::forward<C>(c))); \
  }

struct FaultySessions final : FaultyRole<SessionValues> {
  using FaultyRole::FaultyRole;
  FORWARD_1(SessionBytes, read_session, std::string)
  FORWARD_2(std::vector<std::string>, read_heads, std::vector<std::string>, std::size_t)
  FORWARD_3(UpdateResult, write_session, std::string, std::optional<std::string>, std::string)
};

struct FaultyOrders final : FaultyRole<Orders> {
  using FaultyRole::FaultyRole;
  FORWARD_1(bool, create, NewOrder)
  FORWARD_1(Claim, load, std::string)
  FORWARD_1(std::vector<Result<Claim>>, load_all, std::vector<std::string>)
  Async<CommitResult> commit(Commit change) override { return through(judged(std::move(change))); }
  FORWARD_1(std::vector<HistoryLine>, history, std::string)
  FORWARD_1(ClaimPage, claims, std::string)
  FORWARD_2(void, mark_opened, std::string, Time)
  FORWARD_1(Time, opened, std::string)

 private:
  // Nobody else can write while the memory store is at it, so what is read before and after is of
  // this one write.
  Async<CommitResult> judged(Commit change) {
    const std::string id = change.session_id;
    const std::string why = why_of(change.lines);
    SessionValues& sessions = *parts_.store.sessions;
    const Result<Claim> before = co_await role_.load(id);
    const Result<SessionBytes> session_before = co_await sessions.read_session(id);
    const Result<CommitResult> result = co_await role_.commit(std::move(change));
    const Result<Claim> after = co_await role_.load(id);
    const Result<SessionBytes> session_after = co_await sessions.read_session(id);
    Judge& judge = parts_.judge;
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

struct FaultyQueue final : FaultyRole<WorkQueue> {
  using FaultyRole::FaultyRole;
  FORWARD_2(void, schedule, std::string, Time)
  FORWARD_1(void, schedule_all, std::vector<Scheduled>)
  Async<void> wake(std::string member, Announce announce) override {
    const Result<void> done = co_await through(role_.wake(member, announce));
    if (done) parts_.judge.woken(member);
    co_return done;
  }
  Async<std::vector<Due>> take(std::size_t limit, Duration lease) override {
    Result<std::vector<Due>> due = co_await through(role_.take(limit, lease));
    if (due) parts_.judge.taken(*due, parts_.clock.now());
    co_return due;
  }
  FORWARD_2(std::optional<double>, renew, Due, Duration)
  FORWARD_2(bool, settle, Due, std::optional<Duration>)
  FORWARD_1(Time, due_at, std::string)
  FORWARD_0(std::int64_t, waiting)
};

struct FaultyJobs final : FaultyRole<JobOwners> {
  using FaultyRole::FaultyRole;
  FORWARD_2(std::string, own_job, std::string, std::string)
  FORWARD_1(std::string, job_owner, std::string)
};

struct FaultyCheckouts final : FaultyRole<CheckoutRecords> {
  using FaultyRole::FaultyRole;
  FORWARD_3(IdempotencyRecord, idempotency, std::string, IdempotencyRecord, IfRecorded)
  FORWARD_1(std::int64_t, enter, NewPlaces)
  FORWARD_1(void, release_unpaid, std::string)
  FORWARD_0(std::int64_t, unpaid_bytes)
};

struct FaultyRefunds final : FaultyRole<RefundGuard> {
  using FaultyRole::FaultyRole;
  FORWARD_2(std::string, allow_refund, std::string, Money)
  FORWARD_0(RefundBreaker, refund_breaker)
  FORWARD_0(bool, release_refunds)
  FORWARD_0(void, count_delivery)
};

struct FaultyGenerator final : FaultyRole<GeneratorBreaker> {
  using FaultyRole::FaultyRole;
  FORWARD_2(SubmitLeave, ask_generator, WaitingUnit, SubmitAsk)
  FORWARD_2(GeneratorPause, generator_refused, std::string, SubmitRefusal)
  FORWARD_1(Duration, generator_answered, std::string)
  FORWARD_2(void, wait_no_more, std::string, std::string)
  FORWARD_1(GeneratorOutage, generator_outage, std::string)
  FORWARD_1(bool, allow_again, std::string)
  FORWARD_2(std::vector<std::string>, waiting_for_generator, std::string, std::size_t)
};

struct FaultyPlaces final : FaultyRole<GeneratorPlaces> {
  using FaultyRole::FaultyRole;
  FORWARD_1(void, keep_place, WaitingUnit)
  FORWARD_1(std::vector<std::string>, leave_line, WaitingUnit)
  FORWARD_1(LineState, line_state, WaitingUnit)
};

struct FaultyPace final : FaultyRole<CallPace> {
  using FaultyRole::FaultyRole;
  FORWARD_1(PaceLeave, ask_pace, PaceAsk)
  FORWARD_3(void, brake_pace, std::string, Duration, PaceBrake)
};

struct FaultyGate final : FaultyRole<CheckoutGate> {
  using FaultyRole::FaultyRole;
  FORWARD_1(GateAnswer, ask_gate, GateAsk)
  FORWARD_2(DeclineCounted, count_decline, std::string, Time)
  FORWARD_0(std::optional<CheckoutPause>, checkout_pause)
  FORWARD_1(bool, pause_checkout, std::string)
  FORWARD_0(bool, resume_checkout)
};

struct FaultyLists final : FaultyRole<OrderLists> {
  using FaultyRole::FaultyRole;
  FORWARD_2(void, remember, std::string, Time)
  FORWARD_1(std::vector<std::string>, recent, std::size_t)
  Async<void> enlist(OrderList which, std::string id, Time when, IfListed already) override {
    return through(role_.enlist(which, std::move(id), when, already));
  }
  FORWARD_2(void, unlist, OrderList, ListedOrder)
  FORWARD_2(Time, listed_since, OrderList, std::string)
  FORWARD_3(std::vector<ListedOrder>, list, OrderList, std::optional<ListedOrder>, std::size_t)
  FORWARD_0(OrderCounts, order_counts)
};

struct FaultyWords final : FaultyRole<SearchWords> {
  using FaultyRole::FaultyRole;
  FORWARD_3(void, index_word, std::string, std::string, Time)
  FORWARD_1(std::vector<std::string>, find_word, std::string)
  FORWARD_2(void, forget_word, std::string, std::string)
};

struct FaultyCounts final : FaultyRole<CountsOverTime> {
  using FaultyRole::FaultyRole;
  FORWARD_2(void, add_stats, Time, StatsValues)
  FORWARD_3(std::vector<StatsBucket>, stats, StatsRange, Time, std::int64_t)
};

struct FaultyOutbox final : FaultyRole<Outbox> {
  using FaultyRole::FaultyRole;
  FORWARD_1(void, put_message, OutboxMessage)
  FORWARD_3(std::vector<TakenMessage>, take_messages, Channel, std::size_t, Duration)
  FORWARD_2(bool, settle_message, TakenMessage, AttemptResult)
  FORWARD_2(std::vector<OutboxMessage>, messages, MessageState, std::size_t)
  FORWARD_0(std::int64_t, dead_messages)
  FORWARD_1(std::int64_t, retry_message, std::string)
};

struct FaultyMarks final : FaultyRole<StoreMarks> {
  using FaultyRole::FaultyRole;
  FORWARD_0(Time, born)
  FORWARD_1(std::string, bind_account, std::string)
  FORWARD_0(void, ready)
  FORWARD_0(Time, reconciled)
  FORWARD_1(void, set_reconciled, Time)
  FORWARD_3(std::optional<Time>, next_walk, std::optional<Time>, Duration, Duration)
  FORWARD_1(bool, deletion_turn, Duration)
};

struct FaultyAlerts final : FaultyRole<Alerts> {
  using FaultyRole::FaultyRole;
  FORWARD_0(std::vector<AlertRecord>, alerts)
  FORWARD_1(bool, write_alert, AlertRecord)
  FORWARD_1(bool, balance_turn, Duration)
  FORWARD_2(std::vector<BalanceReading>, note_balance, std::string, BalanceReading)
};

Store roles_behind(FaultyStoreParts& parts) {
  Store& all = parts.store;
  return {.sessions = std::make_unique<FaultySessions>(parts, *all.sessions),
          .orders = std::make_unique<FaultyOrders>(parts, *all.orders),
          .queue = std::make_unique<FaultyQueue>(parts, *all.queue),
          .jobs = std::make_unique<FaultyJobs>(parts, *all.jobs),
          .checkouts = std::make_unique<FaultyCheckouts>(parts, *all.checkouts),
          .refunds = std::make_unique<FaultyRefunds>(parts, *all.refunds),
          .generator = std::make_unique<FaultyGenerator>(parts, *all.generator),
          .places = std::make_unique<FaultyPlaces>(parts, *all.places),
          .pace = std::make_unique<FaultyPace>(parts, *all.pace),
          .gate = std::make_unique<FaultyGate>(parts, *all.gate),
          .lists = std::make_unique<FaultyLists>(parts, *all.lists),
          .words = std::make_unique<FaultyWords>(parts, *all.words),
          .counts = std::make_unique<FaultyCounts>(parts, *all.counts),
          .outbox = std::make_unique<FaultyOutbox>(parts, *all.outbox),
          .marks = std::make_unique<FaultyMarks>(parts, *all.marks),
          .alerts = std::make_unique<FaultyAlerts>(parts, *all.alerts)};
}

}  // namespace

FaultyStore::FaultyStore(FaultyStoreParts parts)
    : FaultyStoreParts(parts), Store(roles_behind(*this)) {}

}  // namespace claimcheck::sim
