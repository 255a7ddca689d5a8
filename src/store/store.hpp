// Store: every byte claimcheck keeps in Redis, as operations that are atomic each. RedisStore is
// the real one, MemoryStore keeps the same promises inside the process; one contract suite runs
// against both. Errors are values: not_found is an answer, unavailable / not_sent / ambiguous mean
// that Redis did not tell (after `ambiguous` a write may have happened; every write here is safe
// to repeat). The index `due` is a hint that says when to look; the claim decides.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "domain/claim.hpp"
#include "domain/money.hpp"
#include "domain/order_machine.hpp"
#include "domain/session.hpp"
#include "store/generator_breaker.hpp"
#include "store/outbox.hpp"
#include "store/pace.hpp"
#include "store/stats.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/describe/enum.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace claimcheck {

template <typename T>
using Async = boost::asio::awaitable<Result<T>>;

// A session value as stored, and the fingerprint a later write names.
struct SessionBytes {
  std::string bytes;
  std::string digest;  // sha1 hex of bytes

  SessionBytes() = default;
  explicit SessionBytes(std::string text);
};

struct HistoryLine {
  Time when;
  std::string from;
  std::string to;
  std::string why;
};

// A new order. `due` must be able to find it before the claim exists: call schedule() first.
struct NewOrder {
  std::string session_id;
  Claim claim;                         // version 0; stored as version 1
  std::optional<std::string> session;  // the session value; not written if one is there
  HistoryLine line;
};

// The session value that a commit wants written or at least unchanged.
struct ViewWrite {
  std::string digest;                // of the value the commit was decided on; "" = absent
  std::optional<std::string> bytes;  // nothing = guard: refuse the commit if the digest differs
};

struct Commit {
  std::string session_id;
  Claim claim;  // as it shall be; its version is the one that was loaded
  std::vector<HistoryLine> lines;
  std::optional<ViewWrite> view;
};

enum class CommitResult {
  done,        // claim (and view, if any) written; the stored version is claim.version + 1
  view_stale,  // claim written with view_dirty set: the session value was not as expected
  refused,     // nothing written: another version is stored, or a guarded session value changed
};

enum class UpdateResult { done, missing, changed };

struct Due {
  std::string member;       // a session id, or "pi:<payment intent>"
  double score;             // the one `take` wrote; settle() names it
  std::int64_t lapses = 0;  // leases that ran out in a row: its takers died or could not write
};

struct Scheduled {
  std::string member;
  Time when;
};

// What lapsed so often may be what kills its takers: it is taken alone, so that it kills no others.
inline constexpr std::int64_t lapses_alone = 2;

// The member for a payment whose session is not known yet.
inline std::string due_payment(std::string_view payment_intent) {
  return "pi:" + std::string(payment_intent);
}

// A create-checkout call under a caller's Idempotency-Key. The addresses are those of the process
// that wrote it first: with them every process makes the same call to Stripe.
struct IdempotencyRecord {
  std::string body_sha256;
  std::string success_url;
  std::string cancel_url;
  std::int64_t attempt = 0;  // counts sessions that died
  std::string session_id;    // empty until the order is stored

  bool operator==(const IdempotencyRecord&) const = default;
};

// What may be refunded without a person. Beyond any of these the breaker opens, and stays open.
struct RefundLimits {
  std::int64_t per_hour = 20;
  std::int64_t per_day = 100;
  std::int64_t amount_per_hour_minor = 100'000;  // of each currency
  std::int64_t share_percent = 50;               // of all videos of an hour
  std::int64_t share_from = 10;                  // refunds an hour below which no share counts
};

struct RefundBreaker {
  std::string reason;  // empty = closed
  Time opened;
};

// Some of the orders that have a claim; `next` continues, empty = these were the last.
struct ClaimPage {
  std::vector<std::string> session_ids;  // some may come twice
  std::string next;
};

// The lists of orders that can be paged through: all by their creation, newest first; those that
// are held by when they began to be, longest first; those of which the bank awaits an answer, by
// when it is due, soonest first. All are hints; the claim decides.
enum class OrderList { recent, held, disputed };
BOOST_DESCRIBE_ENUM(OrderList, recent, held, disputed)

struct ListedOrder {
  std::string session_id;
  Time when;
  bool operator==(const ListedOrder&) const = default;
};
// By time, those of one time by the bytes of their ids.
inline bool comes_before(OrderList which, const ListedOrder& a, const ListedOrder& b) {
  const auto place = [](const ListedOrder& order) {
    return std::tie(order.when, order.session_id);
  };
  return which == OrderList::recent ? place(b) < place(a) : place(a) < place(b);
}

// How many members the indexes have; `unpaid` are those of `due` that wait for their payment.
struct OrderCounts {
  std::int64_t due = 0;
  std::int64_t unpaid = 0;
  std::int64_t held = 0;
  std::int64_t disputed = 0;
};

struct StoreLimits {
  Duration session_ttl = session_ttl_default;
  Duration claim_open_ttl = std::chrono::days(60);
  Duration claim_paid_ttl = std::chrono::days(400);  // banks take a payment back after months
  Duration job_ttl = std::chrono::days(60);
  Duration idempotency_ttl = std::chrono::hours(24);
  std::int64_t history_lines = 200;
  std::int64_t recent_orders = 1'000'000;
  std::int64_t found_orders = 50;  // that one search word leads to, the newest
  RefundLimits refunds;
  OutboxLimits outbox;
  GeneratorBreakerLimits generator;
};

// How long a claim is kept after its last write: what was paid for longest.
inline Duration claim_life(const Claim& claim, const StoreLimits& limits) {
  if (was_paid(claim)) return std::max(limits.claim_paid_ttl, limits.session_ttl);
  return is_terminal(claim.state) ? limits.session_ttl : limits.claim_open_ttl;
}

class Store {
 public:
  virtual ~Store() = default;

  // --- session values, for any writer ---
  virtual Async<SessionBytes> read_session(std::string session_id) = 0;
  // Writes if the stored value has that digest ("" = is absent; nothing = whatever is there).
  virtual Async<UpdateResult> write_session(std::string session_id,
                                            std::optional<std::string> expected_digest,
                                            std::string bytes) = 0;

  // --- orders ---
  // True = created now, false = the claim was there already and nothing was written.
  virtual Async<bool> create(NewOrder order) = 0;
  virtual Async<Claim> load(std::string session_id) = 0;
  virtual Async<CommitResult> commit(Commit change) = 0;
  virtual Async<std::vector<HistoryLine>> history(std::string session_id) = 0;

  // --- the work index ---
  // Adds a member that is due at `when` unless it is there already.
  virtual Async<void> schedule(std::string member, Time when) = 0;
  // Likewise several at once, as a hint that no disk and no replica is waited for.
  virtual Async<void> schedule_all(std::vector<Scheduled> lost) = 0;
  // Makes a member due now, and changes its score in any case: a parked look is never kept.
  virtual Async<void> wake(std::string member) = 0;
  // Up to `limit` due members; each is hidden for `lease`. Nothing comes behind a suspicious one.
  virtual Async<std::vector<Due>> take(std::size_t limit, Duration lease) = 0;
  // Prolongs the lease of a taken member: its new score. Nothing = somebody knocked, or it is not
  // ours any more.
  virtual Async<std::optional<double>> renew(Due taken, Duration lease) = 0;
  // Parks the member for `delay`, or removes it (nothing). False = somebody knocked meanwhile: then
  // the member stays, and is due after `delay` at the latest.
  virtual Async<bool> settle(Due taken, std::optional<Duration> delay) = 0;

  // --- beside the orders ---
  // Claims a generator's job for a unit ("<session id>/<unit>"); returns who owns it now.
  virtual Async<std::string> own_job(std::string job, std::string owner) = 0;
  // not_found when the job is nobody's.
  virtual Async<std::string> job_owner(std::string job) = 0;
  // The stored record; a given one is written if none is there (`replace`: in any case).
  virtual Async<IdempotencyRecord> idempotency(std::string key, IdempotencyRecord record,
                                               bool replace) = 0;
  // Books the bytes of an unpaid order (0 = release); returns the bytes of all unpaid orders.
  virtual Async<std::int64_t> book_unpaid(std::string session_id, std::int64_t bytes) = 0;
  // May this unit ("<session id>/<unit>") be refunded? Empty = yes, and it stays yes; else why not.
  virtual Async<std::string> allow_refund(std::string unit, Money amount) = 0;
  virtual Async<RefundBreaker> refund_breaker() = 0;
  // A person has looked: counting begins anew. False = it was not open.
  virtual Async<bool> release_refunds() = 0;
  // Counts a delivered video, for the share.
  virtual Async<void> count_delivery() = 0;

  // --- the breaker in front of the generator (store/generator_breaker.hpp) ---
  // May this unit ("<session id>/<unit>") be submitted now? `goes` = it is, on a yes. Who may not
  // is counted among those that wait.
  virtual Async<SubmitLeave> ask_generator(std::string unit, Time paid, bool goes) = 0;
  virtual Async<GeneratorPause> generator_refused(SubmitRefusal refusal) = 0;
  // How long it was away; zero = it was not.
  virtual Async<Duration> generator_answered() = 0;
  // The unit is submitted, or will not be any more.
  virtual Async<void> wait_no_more(std::string unit) = 0;
  virtual Async<GeneratorOutage> generator_outage() = 0;
  // May a generation ("<session id>/<unit>/<attempt>") that failed be followed by another one?
  virtual Async<bool> allow_again(std::string generation) = 0;
  // The units that wait, in the order of payment. A hint: the claim decides.
  virtual Async<std::vector<std::string>> waiting_for_generator(std::size_t limit) = 0;

  // Keeps when a delivered order was first looked at, as long as the claim; a hint that no disk and
  // no replica is waited for. not_found: never.
  virtual Async<void> mark_opened(std::string session_id, Time when) = 0;
  virtual Async<Time> opened(std::string session_id) = 0;

  // --- the pace of calls to a peer (store/pace.hpp); hints, which no disk and no replica keeps ---
  virtual Async<PaceLeave> ask_pace(PaceAsk ask) = 0;
  // The peer says that it was too many: all processes are slower for a while.
  virtual Async<void> brake_pace(std::string limit, Duration burst, PaceBrake brake) = 0;

  // Remembers an order for listing; newest first.
  virtual Async<void> remember(std::string session_id, Time created) = 0;
  virtual Async<std::vector<std::string>> recent(std::size_t limit) = 0;

  // --- for the operator: lists, search, counts ---
  // Lists it there, by `when`. What is listed already keeps its time, unless it is listed anew.
  virtual Async<void> enlist(OrderList which, std::string session_id, Time when, bool anew) = 0;
  // Removes what was listed, unless it was listed anew meanwhile.
  virtual Async<void> unlist(OrderList which, ListedOrder listed) = 0;
  // The time it is listed by; not_found = it is not.
  virtual Async<Time> listed_since(OrderList which, std::string session_id) = 0;
  // Up to `limit` orders behind `after` (nothing = from the beginning).
  virtual Async<std::vector<ListedOrder>> list(OrderList which, std::optional<ListedOrder> after,
                                               std::size_t limit) = 0;
  // The claims of several orders in one round trip, in that order.
  virtual Async<std::vector<Result<Claim>>> load_all(std::vector<std::string> session_ids) = 0;
  // When the member is due; not_found = it is not in the work index.
  virtual Async<Time> due_at(std::string member) = 0;
  virtual Async<OrderCounts> order_counts() = 0;
  // Lets a word (store/search_words.hpp) lead to an order; newest first.
  virtual Async<void> index_word(std::string word, std::string session_id, Time when) = 0;
  virtual Async<std::vector<std::string>> find_word(std::string word) = 0;
  virtual Async<void> forget_word(std::string word, std::string session_id) = 0;
  // Adds to the bucket of that moment in every range.
  virtual Async<void> add_stats(Time when, StatsValues differences) = 0;
  // The last `buckets` buckets up to `now` that are not empty, oldest first.
  virtual Async<std::vector<StatsBucket>> stats(StatsRange range, Time now,
                                                std::int64_t buckets) = 0;

  // When this store was first used: older orders may have been forgotten with an older one.
  // not_found: it was emptied while we ran.
  virtual Async<Time> born() = 0;
  // Whose account of Stripe's this store belongs to: the first that used it. not_found as above.
  virtual Async<std::string> bind_account(std::string account) = 0;
  // How many members the work index has: orders that are not over.
  virtual Async<std::int64_t> waiting() = 0;
  // Up to when Stripe's events are known to have been seen; 1970 = never.
  virtual Async<Time> reconciled() = 0;
  virtual Async<void> set_reconciled(Time when) = 0;
  // Who walks over all claims? If the next walk is due, or `ours` (what the last call gave, while
  // this process walks) still stands, the next one is due in `delay`, and that is given; nothing =
  // another process walks, or has walked. `delay` is a lease until the walk ends, then the pause.
  // One that is due later than in `longest` is due now.
  virtual Async<std::optional<Time>> next_walk(std::optional<Time> ours, Duration delay,
                                               Duration longest) = 0;
  // All claims, page by page; begins with an empty cursor. Slow: not for requests.
  virtual Async<ClaimPage> claims(std::string cursor) = 0;
  // Can it be read and written right now?
  virtual Async<void> ready() = 0;

  // --- the outbox (store/outbox.hpp) ---
  // Puts a letter out, due now, once for each id and way: again is nothing, also after its end,
  // for as long as that is remembered.
  virtual Async<void> put_letter(Letter letter) = 0;
  // Up to `limit` due letters of that way; each is hidden for `lease`. One that cannot be read, of
  // a newer release, is left to that: logged, and not listed either.
  virtual Async<std::vector<TakenLetter>> take_letters(LetterWay way, std::size_t limit,
                                                       Duration lease) = 0;
  // Records an attempt and what follows. False = nothing to record: it had ended meanwhile, or
  // somebody else has it by now and the attempt was none that ends it.
  virtual Async<bool> settle_letter(TakenLetter taken, LetterEnd end) = 0;
  // Those that wait, by when they are due, or those that were given up, newest first.
  virtual Async<std::vector<Letter>> letters(LetterState state, std::size_t limit) = 0;
  // What was given up under that id, on each way, is due now and has all its attempts again; how
  // many letters that were.
  virtual Async<std::int64_t> retry_letter(std::string id) = 0;
};

}  // namespace claimcheck
