#include "flow/payment.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/session.hpp"
#include "flow/wake.hpp"
#include "store/search_words.hpp"
#include "stripe/event.hpp"
#include "stripe/signature.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace claimcheck {

namespace {

constexpr std::array<std::chrono::seconds, 4> first_visits = {
    std::chrono::seconds(5), std::chrono::seconds(30), std::chrono::minutes(2),
    std::chrono::minutes(10)};
constexpr std::chrono::seconds later_visits = std::chrono::minutes(10);

// How late the event comes. Its time is in whole seconds, and clocks differ a little.
void observe_lag(Context& context, const stripe::Event& event) {
  constexpr std::int64_t lag_max_s = 30 * 86'400;  // Stripe keeps events no longer
  const std::int64_t now_s = to_unix_s(context.clock.now());
  if (event.created_s <= now_s - lag_max_s || event.created_s > now_s + lag_max_s) return;
  const Duration lag = context.clock.now() - from_unix_s(event.created_s);
  const double seconds = std::chrono::duration<double>(lag).count();
  context.metrics.observe_webhook_lag_s(std::max(0.0, seconds));
}

// One endpoint may get the events of a platform and of all accounts that are connected to it. Those
// of another account are not about our orders: this key does not even find their sessions.
void ignore_event(Context& context, const stripe::Event& event) {
  context.metrics.count(Counter::webhook_events, "other_account");
  const std::string& expected = context.stripe.connected_account();
  context.repeated.warn("webhook_of_other_account",
                        event.account.empty() ? "it names no connected account"
                        : expected.empty()    ? "it is of a connected account"
                                              : "it is of another connected account",
                        {"expected", expected.empty() ? "none" : expected}, context.clock.steady());
}

// A hint about card testing; an event that is not counted is no loss.
boost::asio::awaitable<void> count_decline(Context& context, const stripe::Event& event) {
  const Result<DeclineCounted> counted =
      co_await context.store.gate->count_decline(event.id, from_unix_s(event.created_s));
  if (!counted) {
    log_warn("decline_not_counted", {{"why", counted.error().message}});
  } else if (counted->pauses) {
    context.metrics.count(Counter::checkout_pauses, "automatic");
    log_warn("checkout_paused", {{"by", "declined cards"}, {"declines", counted->declines}});
  }
}

}  // namespace

bool signed_by_stripe(Context& context, std::string_view body, std::string_view signature,
                      const std::vector<Secret>& secrets) {
  const stripe::SignatureCheck check =
      stripe::check_signature(signature, body, secrets, context.clock.now());
  if (check == stripe::SignatureCheck::good) return true;
  context.metrics.count(Counter::webhook_refused, stripe::to_string(check));
  // The form is Stripe's and the secret is not: a wrong STRIPE_WEBHOOK_SECRET looks so.
  if (check == stripe::SignatureCheck::no_match) {
    context.metrics.count(Counter::setup_faults, "webhook_secret");
  }
  // Anybody can send bodies here, so equal lines are counted instead of written.
  context.repeated.warn("webhook_refused", stripe::to_string(check), {"bytes", body.size()},
                        context.clock.steady());
  return false;
}

boost::asio::awaitable<Result<void>> receive_event(Context& context, std::string body) {
  const Result<stripe::Event> event = stripe::parse_event(body);
  if (!event) {
    context.metrics.count(Counter::webhook_refused, "unreadable");
    log_warn("webhook_refused", {{"reason", event.error().message}, {"bytes", body.size()}});
    co_return fail(event);
  }
  if (event->account != context.stripe.connected_account()) {
    ignore_event(context, *event);
    co_return Result<void>();
  }
  context.metrics.count(Counter::webhook_events, stripe::event_label(event->type));
  observe_lag(context, *event);
  if (event->card_declined && !event->id.empty()) co_await count_decline(context, *event);
  // An event about a refund or a dispute has no session. To find the session takes a call to
  // Stripe, and this request must be answered at once: so the payment becomes the due member.
  const bool by_payment = event->session_id.empty();
  const std::string& about = by_payment ? event->payment_intent : event->session_id;
  const std::string member = by_payment && !about.empty() ? due_payment(about) : about;
  const std::string_view field = by_payment ? "payment" : "session";
  if (member.empty()) co_return Result<void>();  // not about an order

  failpoint("webhook.before_wake");
  const Result<void> kept = co_await wake(context, member);
  if (!kept) {
    log_error("webhook_not_kept", {{field, about}, {"why", kept.error().message}});
    co_return fail(Errc::unavailable, "the event could not be kept; send it again");
  }
  // From here on the order is due whatever happens to this process, so Stripe may get its 200.
  failpoint("webhook.after_wake");
  log_info("webhook_received", {{field, about}, {"type", event->type}});
  co_return Result<void>();
}

std::optional<PaymentSeen> payment_of(const stripe::CheckoutSession& session) {
  PaymentSeen seen;
  seen.amount = {.amount_minor = session.amount_total, .currency = session.currency};
  seen.subtotal_minor = session.amount_subtotal;
  seen.charged = {.amount_minor = session.amount_charged, .currency = session.charge_currency};
  seen.price = session.price;
  seen.quantity = session.quantity;
  seen.livemode = session.livemode;
  seen.payment_intent = session.payment_intent;
  seen.charge = session.charge;
  seen.refunded_minor = session.amount_refunded;
  seen.disputed = session.disputed;
  // A mail about it is an offer, and takes the buyer's consent.
  seen.recoverable =
      !session.recovery_url.empty() && !session.buyer_email.empty() && session.wants_offers;
  seen.registered = session.registered;

  const bool paid =
      session.payment_status == "paid" || session.payment_status == "no_payment_required";
  const std::string& intent = session.payment_intent_status;
  if (session.status == "open") {
    seen.state = PaymentState::open;
  } else if (session.status == "expired") {
    seen.state = PaymentState::expired;
  } else if (session.status == "complete" && paid) {
    seen.state = PaymentState::paid;
  } else if (session.status == "complete" && session.payment_status == "unpaid") {
    // A form that is complete without money: with a delayed method it is under way, and only the
    // payment says that it failed.
    const bool failed = intent == "requires_payment_method" || intent == "canceled";
    seen.state = failed ? PaymentState::failed : PaymentState::under_way;
  } else {
    return std::nullopt;
  }
  return seen;
}

boost::asio::awaitable<void> index_order(Context& context, std::string session_id,
                                         const Claim& claim, const std::string& buyer_email,
                                         const std::string& reference) {
  std::vector<std::string> words;
  if (!claim.payment_intent.empty()) words.push_back(payment_word(claim.payment_intent));
  if (!buyer_email.empty()) words.push_back(email_word(buyer_email));
  if (!reference.empty()) words.push_back(reference_word(reference));
  for (std::string& word : words) {
    const Result<void> indexed = co_await context.store.words->index_word(
        std::move(word), session_id, from_us(claim.created_us));
    if (!indexed) log_warn("order_not_indexed", {{"session", session_id}});
  }
}

boost::asio::awaitable<void> reindex_order(Context& context, std::string session_id,
                                           const SessionData& before, const SessionData& after) {
  const auto words_of = [](const SessionData& session) {
    std::vector<std::string> words;
    if (const std::string email = session.customerEmail.value_or(""); !email.empty()) {
      words.push_back(email_word(email));
    }
    if (session.reference) words.push_back(reference_word(*session.reference));
    return words;
  };
  const std::vector<std::string> old_words = words_of(before);
  const std::vector<std::string> new_words = words_of(after);
  const auto is_in = [](const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
  };
  const Time created = from_iso(after.createdAt).value_or(context.clock.now());
  bool done = true;
  for (const std::string& word : old_words) {
    if (is_in(new_words, word)) continue;
    done = (co_await context.store.words->forget_word(word, session_id)).has_value() && done;
  }
  // Also what it had before: the same correction sent again completes one that was cut off.
  for (const std::string& word : new_words) {
    done =
        (co_await context.store.words->index_word(word, session_id, created)).has_value() && done;
  }
  if (!done) log_warn("order_not_indexed", {{"session", session_id}});
}

std::int64_t visit_slot(Duration age) {
  std::int64_t slot = 0;
  for (const auto moment : first_visits) {
    if (age >= moment) ++slot;
  }
  if (age > first_visits.back()) slot += (age - first_visits.back()) / Duration(later_visits);
  return slot;
}

Visits::Visits(Context& context) : context_(context) {}

// After the longest time between two moments the next visit counts in any case, so the entry is not
// needed.
void Visits::forget_old(Duration steady_now) {
  std::erase_if(looked_,
                [&](const auto& order) { return steady_now - order.second.at >= later_visits; });
  if (looked_.size() >= remembered_max) looked_.clear();
  sweep_.swept(looked_.size());
}

boost::asio::awaitable<void> Visits::visit(std::string session_id, Time created) {
  const std::int64_t slot = visit_slot(context_.clock.now() - created);
  if (slot == 0) co_return;
  const Duration now = context_.clock.steady();
  const std::size_t kept = looked_.size();
  if (kept >= remembered_max || sweep_.due(kept)) forget_old(now);
  Looked& last = looked_[session_id];
  if (last.slot >= slot) co_return;
  last = {.slot = slot, .at = now};  // before the wake: other visits come while it waits
  const Result<void> woken = co_await wake(context_, session_id);
  if (!woken) log_warn("visit_not_kept", {{"session", session_id}});
}

boost::asio::awaitable<void> Visits::visit_unknown(std::string session_id) {
  const Duration now = context_.clock.steady();
  if (now - unknown_since_ > std::chrono::hours(1)) {
    unknown_.clear();
    unknown_since_ = now;
  }
  // An unknown id costs this process at most one call to Stripe in an hour. An id of the other mode
  // costs none: this key cannot read it.
  const std::optional<bool> live = context_.stripe.livemode();
  const bool other_mode = live && session_id.starts_with("cs_live_") != *live;
  if (other_mode || unknown_.size() >= unknown_max || !unknown_.insert(session_id).second) {
    co_return;
  }
  const Result<Claim> claim = co_await context_.store.orders->load(session_id);
  bool told = claim || claim.error().code == Errc::not_found;
  if (claim) {
    // The claim is there and its session value is not. The mark makes the next pass write the view,
    // and with it the value.
    Commit dirty;
    dirty.session_id = session_id;
    dirty.claim = *claim;
    dirty.claim.view_dirty = true;
    const Result<CommitResult> marked = co_await context_.store.orders->commit(std::move(dirty));
    told = marked.has_value();
  }
  if (told) {
    log_info("order_sought", {{"session", session_id}, {"claim", claim ? "there" : "gone"}});
    const Result<void> woken = co_await wake(context_, session_id);
    told = woken.has_value();
  }
  if (!told) unknown_.erase(session_id);  // Redis was away: the next visit tries again
}

boost::asio::awaitable<void> Visits::visit_delivered(std::string session_id) {
  // Only saves writes: Redis keeps the first time.
  if (delivered_.size() >= delivered_max) delivered_.clear();
  const std::size_t hash = std::hash<std::string>()(session_id);
  if (!delivered_.insert(hash).second) co_return;
  const Result<void> kept =
      co_await context_.store.orders->mark_opened(session_id, context_.clock.now());
  if (kept) co_return;
  delivered_.erase(hash);
  log_info("visit_not_kept", {{"session", session_id}});
}

}  // namespace claimcheck
