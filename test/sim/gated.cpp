#include "sim/gated.hpp"

#include <utility>

namespace claimcheck::sim {

namespace {

constexpr Duration round_trip_min{50};
constexpr Duration round_trip_max{2000};

std::string bytes_of(const Result<SessionBytes>& session) { return session ? session->bytes : ""; }

}  // namespace

template <typename T>
Async<T> GatedStore::through(Async<T> deed) {
  co_await gate_.pass();
  co_await clock_.sleep(chance_.between(round_trip_min, round_trip_max));
  if (faults_.down || chance_.roll(faults_.refused)) {
    co_return fail(Errc::unavailable, "Redis does not answer");
  }
  Result<T> done = co_await std::move(deed);
  co_await gate_.pass();
  if (chance_.roll(faults_.lost)) co_return fail(Errc::ambiguous, "Redis did not answer");
  co_return done;
}

Async<SessionBytes> GatedStore::read_session(std::string id) {
  return through(store_.read_session(std::move(id)));
}
Async<UpdateResult> GatedStore::write_session(std::string id, std::optional<std::string> digest,
                                              std::string bytes) {
  return through(store_.write_session(std::move(id), std::move(digest), std::move(bytes)));
}
Async<bool> GatedStore::create(NewOrder order) { return through(store_.create(std::move(order))); }
Async<Claim> GatedStore::load(std::string id) { return through(store_.load(std::move(id))); }

// Nobody else can write while the memory store is at it, so what is read before and after is of
// this one write.
Async<CommitResult> GatedStore::commit_judged(Commit change) {
  const std::string id = change.session_id;
  // What follows from a decision, not that the clock was put back before it.
  const auto why_of = [](const std::vector<HistoryLine>& lines) {
    for (const HistoryLine& line : lines) {
      if (line.why != "the clock was put back") return line.why;
    }
    return std::string();
  };
  const std::string why = why_of(change.lines);
  const Result<Claim> before = co_await store_.load(id);
  const Result<SessionBytes> session_before = co_await store_.read_session(id);
  const Result<CommitResult> result = co_await store_.commit(std::move(change));
  const Result<Claim> after = co_await store_.load(id);
  const Result<SessionBytes> session_after = co_await store_.read_session(id);
  if (result != CommitResult::refused) {
    judge_.happened(why);
    judge_.stored(id, {*before, *after, bytes_of(session_before), bytes_of(session_after), why});
    judge_.shown(id, bytes_of(session_after));  // by now, whatever becomes of the answer
  } else if (before.has_value() != after.has_value() || (before && *before != *after) ||
             bytes_of(session_before) != bytes_of(session_after)) {
    judge_.found(id + " was changed by a write that was refused");
  }
  co_return result;
}

Async<CommitResult> GatedStore::commit(Commit change) {
  return through(commit_judged(std::move(change)));
}

Async<std::vector<HistoryLine>> GatedStore::history(std::string id) {
  return through(store_.history(std::move(id)));
}
Async<void> GatedStore::schedule(std::string member, Time when) {
  return through(store_.schedule(std::move(member), when));
}

Async<void> GatedStore::schedule_all(std::vector<Scheduled> lost) {
  return through(store_.schedule_all(std::move(lost)));
}
Async<void> GatedStore::wake(std::string member) {
  const Result<void> done = co_await through(store_.wake(member));
  if (done) judge_.woken(member);
  co_return done;
}

Async<std::vector<Due>> GatedStore::take(std::size_t limit, Duration lease) {
  Result<std::vector<Due>> due = co_await through(store_.take(limit, lease));
  if (due) judge_.taken(*due, clock_.now());
  co_return due;
}
Async<std::optional<double>> GatedStore::renew(Due taken, Duration lease) {
  return through(store_.renew(std::move(taken), lease));
}

Async<bool> GatedStore::settle(Due taken, std::optional<Duration> delay) {
  return through(store_.settle(std::move(taken), delay));
}
Async<std::string> GatedStore::own_job(std::string job, std::string owner) {
  return through(store_.own_job(std::move(job), std::move(owner)));
}
Async<std::string> GatedStore::job_owner(std::string job) {
  return through(store_.job_owner(std::move(job)));
}
Async<IdempotencyRecord> GatedStore::idempotency(std::string key, IdempotencyRecord record,
                                                 bool replace) {
  return through(store_.idempotency(std::move(key), std::move(record), replace));
}
Async<std::int64_t> GatedStore::book_unpaid(std::string id, std::int64_t bytes) {
  return through(store_.book_unpaid(std::move(id), bytes));
}
Async<std::string> GatedStore::allow_refund(std::string unit, Money amount) {
  return through(store_.allow_refund(std::move(unit), std::move(amount)));
}
Async<RefundBreaker> GatedStore::refund_breaker() { return through(store_.refund_breaker()); }
Async<bool> GatedStore::release_refunds() { return through(store_.release_refunds()); }
Async<void> GatedStore::count_delivery() { return through(store_.count_delivery()); }
Async<SubmitLeave> GatedStore::ask_generator(std::string unit, Time paid, bool goes) {
  return through(store_.ask_generator(std::move(unit), paid, goes));
}
Async<GeneratorPause> GatedStore::generator_refused(SubmitRefusal refusal) {
  return through(store_.generator_refused(std::move(refusal)));
}
Async<Duration> GatedStore::generator_answered() { return through(store_.generator_answered()); }
Async<void> GatedStore::wait_no_more(std::string unit) {
  return through(store_.wait_no_more(std::move(unit)));
}
Async<GeneratorOutage> GatedStore::generator_outage() { return through(store_.generator_outage()); }
Async<bool> GatedStore::allow_again(std::string generation) {
  return through(store_.allow_again(std::move(generation)));
}
Async<std::vector<std::string>> GatedStore::waiting_for_generator(std::size_t limit) {
  return through(store_.waiting_for_generator(limit));
}
Async<void> GatedStore::mark_opened(std::string id, Time when) {
  return through(store_.mark_opened(std::move(id), when));
}
Async<Time> GatedStore::opened(std::string id) { return through(store_.opened(std::move(id))); }
Async<PaceLeave> GatedStore::ask_pace(PaceAsk ask) {
  return through(store_.ask_pace(std::move(ask)));
}
Async<void> GatedStore::brake_pace(std::string limit, Duration burst, PaceBrake brake) {
  return through(store_.brake_pace(std::move(limit), burst, brake));
}
Async<void> GatedStore::remember(std::string id, Time created) {
  return through(store_.remember(std::move(id), created));
}
Async<std::vector<std::string>> GatedStore::recent(std::size_t limit) {
  return through(store_.recent(limit));
}
Async<void> GatedStore::enlist(OrderList which, std::string id, Time when, bool anew) {
  return through(store_.enlist(which, std::move(id), when, anew));
}
Async<void> GatedStore::unlist(OrderList which, ListedOrder listed) {
  return through(store_.unlist(which, std::move(listed)));
}
Async<Time> GatedStore::listed_since(OrderList which, std::string id) {
  return through(store_.listed_since(which, std::move(id)));
}
Async<std::vector<ListedOrder>> GatedStore::list(OrderList which, std::optional<ListedOrder> after,
                                                 std::size_t limit) {
  return through(store_.list(which, std::move(after), limit));
}
Async<std::vector<Result<Claim>>> GatedStore::load_all(std::vector<std::string> ids) {
  return through(store_.load_all(std::move(ids)));
}
Async<Time> GatedStore::due_at(std::string member) {
  return through(store_.due_at(std::move(member)));
}
Async<OrderCounts> GatedStore::order_counts() { return through(store_.order_counts()); }
Async<void> GatedStore::index_word(std::string word, std::string id, Time when) {
  return through(store_.index_word(std::move(word), std::move(id), when));
}
Async<std::vector<std::string>> GatedStore::find_word(std::string word) {
  return through(store_.find_word(std::move(word)));
}
Async<void> GatedStore::forget_word(std::string word, std::string id) {
  return through(store_.forget_word(std::move(word), std::move(id)));
}
Async<void> GatedStore::add_stats(Time when, StatsValues differences) {
  return through(store_.add_stats(when, std::move(differences)));
}
Async<std::vector<StatsBucket>> GatedStore::stats(StatsRange range, Time now,
                                                  std::int64_t buckets) {
  return through(store_.stats(range, now, buckets));
}
Async<std::string> GatedStore::bind_account(std::string account) {
  return through(store_.bind_account(std::move(account)));
}
Async<Time> GatedStore::born() { return through(store_.born()); }
Async<std::int64_t> GatedStore::waiting() { return through(store_.waiting()); }
Async<Time> GatedStore::reconciled() { return through(store_.reconciled()); }
Async<void> GatedStore::set_reconciled(Time when) { return through(store_.set_reconciled(when)); }
Async<std::optional<Time>> GatedStore::next_walk(std::optional<Time> ours, Duration delay,
                                                 Duration longest) {
  return through(store_.next_walk(ours, delay, longest));
}
Async<ClaimPage> GatedStore::claims(std::string cursor) {
  return through(store_.claims(std::move(cursor)));
}
Async<void> GatedStore::ready() { return through(store_.ready()); }
Async<void> GatedStore::put_letter(Letter letter) {
  return through(store_.put_letter(std::move(letter)));
}
Async<std::vector<TakenLetter>> GatedStore::take_letters(LetterWay way, std::size_t limit,
                                                         Duration lease) {
  return through(store_.take_letters(way, limit, lease));
}
Async<bool> GatedStore::settle_letter(TakenLetter taken, LetterEnd end) {
  return through(store_.settle_letter(std::move(taken), end));
}
Async<std::vector<Letter>> GatedStore::letters(LetterState state, std::size_t limit) {
  return through(store_.letters(state, limit));
}
Async<std::int64_t> GatedStore::retry_letter(std::string id) {
  return through(store_.retry_letter(std::move(id)));
}

}  // namespace claimcheck::sim
