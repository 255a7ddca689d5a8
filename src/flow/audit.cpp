#include "flow/audit.hpp"

#include "flow/whose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace claimcheck {

namespace {

constexpr std::size_t day_digits = 10;                // of "2026-11-29T…"
constexpr Duration at_once = std::chrono::hours(24);  // one list covers so long a span
// Long enough for a pass to store its next step; short for a person who waits.
constexpr Duration second_look = std::chrono::seconds(5);
// Covers the difference between Stripe's clock and ours, and the duration of a checkout.
constexpr Duration edge = std::chrono::minutes(10);

bool is_paid(const stripe::CheckoutSession& session) { return session.payment_status == "paid"; }

// Does the answer say something about the order, also that there is none? Otherwise Redis has
// failed, and the audit must not report the order as missing.
bool is_told(const Result<Claim>& claim) {
  return claim || claim.error().code == Errc::not_found || claim.error().code == Errc::unreadable;
}

// The shop's own site may leave the number of videos out of its metadata: then the claim's is used.
OrderTotals totals_of_session(const stripe::CheckoutSession& session, std::size_t units_known) {
  const auto sold = static_cast<std::size_t>(std::max<std::int64_t>(session.video_count, 0));
  const std::size_t units = std::max<std::size_t>(sold == 0 ? units_known : sold, 1);
  const Money paid{.amount_minor = session.amount_total, .currency = session.currency};
  return totals_of_payment(paid, session.amount_refunded, units, session.registered);
}

}  // namespace

Audit::Audit(Store& store, stripe::Client& stripe, const Catalog& catalog, Clock& clock,
             const Policy& policy)
    : store_(store),
      stripe_(stripe),
      catalog_(catalog),
      clock_(clock),
      registered_(policy.register_mode != RegisterMode::off),
      claim_life_(policy.claim_life) {}

boost::asio::awaitable<Result<AuditReport>> Audit::run(Time since) {
  // Stripe is read first, then Redis. An order that is paid in between is missing at Stripe only,
  // and such a difference is read a second time.
  const Time end = clock_.now() + edge;
  for (Time from = since; from < end; from += at_once) {
    const Result<void> read = co_await read_stripe(from, std::min(from + at_once, end));
    if (!read) co_return fail(read);
  }
  // Stripe may have created a session just before the span, and its claim here is a little younger.
  // Reading Redis from a later moment on leaves such claims out.
  const Result<void> read = co_await read_redis(since + edge);
  if (!read) co_return fail(read);
  const Result<void> again = co_await look_again();
  if (!again) co_return fail(again);
  co_return report();
}

boost::asio::awaitable<Result<void>> Audit::read_stripe(Time since, Time until) {
  std::string after;
  std::size_t calls = 0;
  do {
    const auto sessions = co_await stripe_.checkouts_between(since, until, after);
    if (!sessions) co_return fail(sessions);
    ++calls;
    for (const stripe::CheckoutSession& session : sessions->elements) {
      const Result<void> compared = co_await compare(session);
      if (!compared) co_return fail(compared);
    }
    after = sessions->next;
  } while (!after.empty());
  // Kept for the second reading: how many calls this list took decides whether it is read once
  // more.
  windows_.push_back({.from = to_unix_s(since), .until = to_unix_s(until), .calls = calls});
  co_return Result<void>();
}

boost::asio::awaitable<Result<void>> Audit::compare(const stripe::CheckoutSession& session) {
  if (!is_paid(session)) co_return Result<void>();
  const Result<bool> ours = co_await owns(session);
  if (!ours) co_return fail(ours);
  if (!*ours) co_return Result<void>();
  // One key sees one mode. Claims of the other mode in this Redis cannot be compared.
  livemode_ = session.livemode;
  co_return co_await look(session.id, session);
}

// The claim proves ownership too: the session value expires earlier.
boost::asio::awaitable<Result<bool>> Audit::owns(const stripe::CheckoutSession& session) {
  Result<bool> ours = co_await is_ours(*store_.sessions, catalog_, session.id, session.tool);
  if (!ours || *ours) co_return ours;
  const Result<Claim> claim = co_await store_.orders->load(session.id);
  if (!is_told(claim)) co_return fail(claim);
  co_return claim || claim.error().code != Errc::not_found;
}

boost::asio::awaitable<Result<void>> Audit::read_redis(Time since) {
  std::string cursor;
  do {
    const Result<ClaimPage> page = co_await store_.orders->claims(cursor);
    if (!page) co_return fail(page);
    const auto claims = co_await store_.orders->load_all(page->session_ids);
    if (!claims) co_return fail(claims);
    for (std::size_t i = 0; i < claims->size(); ++i) {
      const Result<void> noted = note_claim(page->session_ids[i], (*claims)[i], since);
      if (!noted) co_return fail(noted);
    }
    cursor = page->next;
  } while (!cursor.empty());
  co_return Result<void>();
}

// Notes an order that Redis calls paid and that Stripe's list did not name. Only a second reading,
// of Stripe's session itself, can decide: its tool may not be sold any more, or the claim cannot be
// read.
Result<void> Audit::note_claim(const std::string& id, const Result<Claim>& claim, Time since) {
  if (orders_.contains(id)) return {};
  if (!is_told(claim)) return fail(claim);
  const bool unreadable = !claim && claim.error().code == Errc::unreadable;
  // An order for 0 is `no_payment_required` at Stripe, not `paid`, so it is on neither side.
  const bool wanted = claim && was_paid(*claim) && claim->amount_minor > 0 &&
                      from_us(claim->created_us) > since &&
                      (orders_.empty() || claim->livemode == livemode_);
  if (wanted || unreadable) orders_[id].differences = {"to be looked at"};
  return {};
}

boost::asio::awaitable<Result<void>> Audit::look(std::string id,
                                                 const stripe::CheckoutSession& session) {
  const Result<Claim> claim = co_await store_.orders->load(id);
  if (!is_told(claim)) co_return fail(claim);
  orders_[id] = judge(claim, session);
  co_return Result<void>();
}

// Orders go on while the totals are read. Only a difference that is still there after a pause is
// reported.
boost::asio::awaitable<Result<void>> Audit::look_again() {
  std::set<std::string> ids;
  for (const auto& [id, order] : orders_) {
    if (!order.differences.empty()) ids.insert(id);
  }
  if (ids.empty()) co_return Result<void>();
  co_await clock_.sleep(second_look);
  for (const Window& window : windows_) {
    const Result<void> looked = co_await look_by_list(window, ids);
    if (!looked) co_return fail(looked);
  }
  for (const std::string& id : ids) {
    const auto session =
        co_await stripe_.retrieve_checkout(id, stripe::Expand::payment, stripe::Priority::audit);
    // An unknown session counts as not paid: that is a difference to report, not a failure of the
    // run.
    if (!session && session.error().code != Errc::not_found) co_return fail(session);
    const stripe::CheckoutSession seen = session.value_or(stripe::CheckoutSession());
    const Result<void> looked = co_await look(id, seen);
    if (!looked) co_return fail(looked);
  }
  co_return Result<void>();
}

boost::asio::awaitable<Result<void>> Audit::look_by_list(Window window,
                                                         std::set<std::string>& ids) {
  const auto within = [this, window](const std::string& id) {
    const std::int64_t created = orders_[id].created;
    return created >= window.from && created < window.until;
  };
  // The list would save no calls here. Calls to Stripe are limited, and the audit shares them with
  // buyers.
  if (std::ranges::count_if(ids, within) <= static_cast<std::ptrdiff_t>(window.calls)) {
    co_return Result<void>();
  }
  std::string after;
  do {
    const auto sessions = co_await stripe_.checkouts_between(from_unix_s(window.from),
                                                             from_unix_s(window.until), after);
    if (!sessions) co_return fail(sessions);
    for (const stripe::CheckoutSession& session : sessions->elements) {
      if (ids.erase(session.id) == 0) continue;
      const Result<void> looked = co_await look(session.id, session);
      if (!looked) co_return fail(looked);
    }
    after = sessions->next;
  } while (!after.empty());
  co_return Result<void>();
}

// May Redis have dropped the claim by its age? If there is a register, it must also say that the
// order is over. Without a register nobody can tell.
bool Audit::may_be_gone(const stripe::CheckoutSession& session, const OrderTotals& book) const {
  const bool outlived = from_unix_s(session.created) < clock_.now() - claim_life_;
  return outlived && (!registered_ || book.open == 0);
}

Audit::Order Audit::judge(const Result<Claim>& claim,
                          const stripe::CheckoutSession& session) const {
  Order order;
  order.created = session.created;
  if (is_paid(session)) {
    // Stripe's side must not depend on the claim. The exception is the number of units, where
    // Stripe has none.
    order.stripe = totals_of_session(session, claim ? claim->units.size() : 0);
    order.stripe_currency = session.currency;
  }
  if (claim && was_paid(*claim)) {
    order.redis = totals_of(*claim);
    order.redis_currency = claim->currency;
    order.day = to_iso(from_us(claim->paid_us)).substr(0, day_digits);
    order.tool = slug_of(*claim);
    order.margins = margins_of(*claim);
  }
  if (order.stripe && order.redis) {
    order.differences = differences(*order.redis, *order.stripe, registered_);
    if (order.redis_currency != order.stripe_currency) {
      order.differences.push_back(fmt::format("currency: {} in Redis, {} at Stripe",
                                              order.redis_currency, order.stripe_currency));
    }
    if (session.disputed && !has_dispute(*claim)) {
      order.differences.emplace_back("disputed at Stripe, not in Redis: look at the order anew");
    }
  } else if (order.redis) {
    order.differences = {"paid in Redis, not at Stripe"};
  } else if (order.stripe && claim) {
    order.differences = {"not paid in Redis"};
  } else if (order.stripe && claim.error().code == Errc::unreadable) {
    order.differences = {"unreadable in Redis"};
  } else if (order.stripe) {
    order.forgotten = may_be_gone(session, *order.stripe);
    if (!order.forgotten) {
      // Two different findings: money is owed for the one, while the other is only a record that
      // Redis has lost.
      const bool over = registered_ && order.stripe->open == 0;
      order.differences = {over ? "lost by Redis, over at Stripe" : "not in Redis"};
    }
  }
  return order;
}

AuditReport Audit::report() const {
  AuditReport report;
  std::map<std::tuple<std::string, std::string, std::string>, AuditMargin> margins;
  for (const auto& [id, order] : orders_) {
    if (order.stripe) ++report.orders;
    if (order.forgotten) ++report.forgotten;
    if (order.redis) report.redis[order.redis_currency] += *order.redis;
    if (order.stripe) report.stripe[order.stripe_currency] += *order.stripe;
    for (const std::string& what : order.differences) report.differences.push_back({id, what});
    for (const Margin& margin : order.margins) {
      AuditMargin& sums = margins[{order.day, order.tool, margin.currency}];
      sums.sums.revenue += margin.revenue;
      sums.sums.cost += margin.cost;
      sums.orders += 1;
    }
  }
  for (auto& [key, sums] : margins) {
    std::tie(sums.day, sums.tool, sums.sums.currency) = key;
    report.margins.push_back(std::move(sums));
  }
  return report;
}

}  // namespace claimcheck
