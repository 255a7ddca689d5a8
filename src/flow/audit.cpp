#include "flow/audit.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

constexpr Duration at_once = std::chrono::hours(24);  // so many orders are asked for together
constexpr Duration second_look = std::chrono::seconds(5);
// Stripe's clock and ours, and how long a checkout takes.
constexpr Duration edge = std::chrono::minutes(10);

bool is_paid(const Claim& claim) { return claim.paid_us > 0; }

}  // namespace

Audit::Audit(Store& store, stripe::Client& stripe, const Catalog& catalog, Clock& clock,
             bool registered)
    : store_(store), stripe_(stripe), catalog_(catalog), clock_(clock), registered_(registered) {}

boost::asio::awaitable<Result<AuditReport>> Audit::run(Time since) {
  const Time end = clock_.now() + edge;
  for (Time from = since; from < end; from += at_once) {
    const Result<void> read = co_await read_stripe(from, std::min(from + at_once, end));
    if (!read) co_return fail(read);
  }
  const Result<void> read = co_await read_redis(since + edge);
  if (!read) co_return fail(read);
  const Result<void> again = co_await compare_again();
  if (!again) co_return fail(again);
  co_return report_;
}

bool Audit::is_ours(const stripe::CheckoutSession& session) const {
  return session.payment_status == "paid" && catalog_.sells(session.tool);
}

OrderBook Audit::book_of_session(const stripe::CheckoutSession& session) const {
  const auto units = static_cast<std::size_t>(std::max<std::int64_t>(session.video_count, 1));
  return book_of_payment(session.amount_total, session.amount_refunded, units, session.registered);
}

boost::asio::awaitable<Result<void>> Audit::read_stripe(Time since, Time until) {
  const auto sessions = co_await stripe_.checkouts_between(since, until);
  if (!sessions) co_return fail(sessions);
  for (const stripe::CheckoutSession& session : *sessions) {
    if (!is_ours(session)) continue;
    ++report_.orders;
    livemode_ = session.livemode;
    known_[session.id] = true;
    report_.stripe[session.currency] += book_of_session(session);
    const Result<void> compared = co_await compare(session);
    if (!compared) co_return fail(compared);
  }
  co_return Result<void>();
}

boost::asio::awaitable<Result<void>> Audit::compare(const stripe::CheckoutSession& session) {
  const OrderBook theirs = book_of_session(session);
  const Result<Claim> claim = co_await store_.load(session.id);
  const bool gone = !claim && claim.error().code == Errc::not_found;
  const bool unreadable = !claim && claim.error().code == Errc::unreadable;
  if (!claim && !gone && !unreadable) co_return fail(claim);
  if (gone && theirs.open == 0) {
    ++report_.forgotten;
  } else if (!claim) {
    report_.differences.push_back({session.id, gone ? "not in Redis" : "unreadable in Redis"});
  } else if (!is_paid(*claim)) {
    report_.differences.push_back({session.id, "not paid in Redis"});
  } else {
    const OrderBook ours = book_of(*claim);
    report_.redis[claim->currency] += ours;
    for (std::string& what : differences(ours, theirs, registered_)) {
      report_.differences.push_back({session.id, std::move(what)});
    }
  }
  co_return Result<void>();
}

// What Redis calls paid and Stripe does not.
boost::asio::awaitable<Result<void>> Audit::read_redis(Time since) {
  std::string cursor;
  do {
    const Result<ClaimPage> page = co_await store_.claims(cursor);
    if (!page) co_return fail(page);
    for (const std::string& id : page->session_ids) {
      if (known_.contains(id)) continue;
      const Result<Claim> claim = co_await store_.load(id);
      if (!claim && claim.error().code != Errc::not_found) co_return fail(claim);
      const bool wanted = claim && is_paid(*claim) && claim->amount_minor > 0 &&
                          from_us(claim->created_us) > since &&
                          (known_.empty() || claim->livemode == livemode_);
      if (!wanted) continue;
      known_[id] = false;
      report_.redis[claim->currency] += book_of(*claim);
      report_.differences.push_back({id, "paid in Redis, not at Stripe"});
    }
    cursor = page->next;
  } while (!cursor.empty());
  co_return Result<void>();
}

// Work goes on while the books are read: only what differs for longer is told.
boost::asio::awaitable<Result<void>> Audit::compare_again() {
  if (report_.differences.empty()) co_return Result<void>();
  co_await clock_.sleep(second_look);
  AuditReport first = report_;
  report_.differences.clear();
  std::string last;
  for (const AuditDifference& difference : first.differences) {
    const std::string& id = difference.session_id;
    if (id == last) continue;
    last = id;
    const auto session = co_await stripe_.retrieve_checkout(id, stripe::Expand::payment);
    if (!session && session.error().code != Errc::not_found) co_return fail(session);
    if (!session || !is_ours(*session)) {
      report_.differences.push_back(difference);
      continue;
    }
    const Result<void> compared = co_await compare(*session);
    if (!compared) co_return fail(compared);
  }
  first.differences = std::move(report_.differences);
  report_ = std::move(first);
  co_return Result<void>();
}

}  // namespace claimcheck
