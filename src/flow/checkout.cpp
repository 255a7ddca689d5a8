#include "flow/checkout.hpp"

#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/session.hpp"
#include "flow/model_limits.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// So many sessions may have ended under one caller's key before the call gives up.
constexpr std::int64_t dead_sessions_max = 5;

// The call has waited for its turn as long as a buyer should wait. A moment later there may be
// room.
Refusal stripe_busy(const Error& error) {
  log_warn("checkout_delayed", {{"why", error.message}});
  Refusal refusal{.kind = RefusalKind::stripe_busy};
  refusal.code = "payment_busy";
  refusal.message =
      "the payment provider takes no more orders at this moment; nothing was charged, try again "
      "in a few seconds";
  refusal.retry_after = std::chrono::seconds(5);
  return refusal;
}

// The shop's settings are wrong, so another try does not help; the log names the setting.
Refusal misconfigured(const Error& error, std::string_view check) {
  log_error("checkout_refused_by_stripe", {{"why", error.message}, {"check", check}});
  Refusal refusal{.kind = RefusalKind::stripe_unavailable};
  refusal.code = "payment_misconfigured";
  refusal.message =
      "this shop cannot take payments now, since its payment settings are wrong; nothing was "
      "charged, please tell the shop";
  return refusal;
}

Refusal stripe_refusal(const Error& error) {
  if (error.code == Errc::limited) return stripe_busy(error);
  // Stripe's name of the parameter: the price does not exist, is not active, or is of another mode.
  const bool of_price = error.code == Errc::invalid && error.message.contains("[price]");
  if (of_price) return misconfigured(error, "STRIPE_PRICE_IDS");
  if (error.code == Errc::forbidden) return misconfigured(error, "the rights of STRIPE_SECRET_KEY");
  log_error("checkout_refused_by_stripe", {{"why", error.message}});
  Refusal refusal{.kind = RefusalKind::stripe_unavailable};
  // `invalid` is Stripe's verdict on the order: the same request fails again. Everything else is
  // worth another try.
  refusal.code = error.code == Errc::invalid ? "payment_refused" : "payment_unavailable";
  refusal.message = error.code == Errc::invalid
                        ? "the payment provider does not accept this order"
                        : "the payment provider does not answer; nothing was charged, try again";
  return refusal;
}

Refusal store_refusal() {
  Refusal refusal{.kind = RefusalKind::store_unavailable};
  refusal.code = "store_unavailable";
  refusal.message = "the order cannot be kept right now; nothing was charged, try again";
  return refusal;
}

Refusal key_conflict() {
  Refusal refusal{.kind = RefusalKind::conflict};
  refusal.code = "idempotency_key_reused";
  refusal.message = "this Idempotency-Key was used with another request";
  return refusal;
}

Refusal too_long(std::string why) {
  Refusal refusal{.kind = RefusalKind::invalid};
  refusal.code = "prompt_too_long";
  refusal.param = "prompt";
  refusal.message = std::move(why);
  return refusal;
}

Refusal too_many_unpaid() {
  Refusal refusal{.kind = RefusalKind::limited};
  refusal.code = "too_many_unpaid_orders";
  refusal.message = "too many unpaid orders are open; try again later";
  refusal.retry_after = std::chrono::minutes(5);
  return refusal;
}

SessionData session_data(const OrderRequest& order, Time now) {
  SessionData session;
  session.prompt = order.prompt;
  session.videoCount = order.videos();
  session.duration = order.duration;
  session.resolution = order.resolution;
  session.style = order.style;
  session.toolSlug = order.tool_slug;
  session.toolTitle = order.tool_title;
  session.createdAt = to_iso(now);
  session.timestamp = session.createdAt;
  session.priceId = order.price.id;
  if (const auto kind = other_than_video(order.tool.media)) session.media = name_of(*kind);
  if (!order.customer_email.empty()) session.customerEmail = order.customer_email;
  if (!order.reference.empty()) session.reference = order.reference;
  if (!order.metadata.empty()) session.metadata = order.metadata;
  if (!order.locale.empty()) session.locale = order.locale;
  return session;
}

}  // namespace

Checkout::Checkout(Context& context, CheckoutOptions options)
    : context_(context), options_(std::move(options)) {}

stripe::CheckoutParams Checkout::params_of(const OrderRequest& order, const Terms& terms) const {
  const SessionOptions& options = options_.session.of(order.tool.slug);
  stripe::CheckoutParams params = {.price = order.price.id,
                                   .quantity = order.quantity,
                                   .success_url = terms.urls.success,
                                   .cancel_url = terms.urls.cancel,
                                   .customer_email = order.customer_email,
                                   .video_count = order.videos(),
                                   .tool = order.tool.metadata_name,
                                   .reference = order.reference,
                                   .metadata = order.metadata,
                                   .locale = {},
                                   .expires_at = expires_at(options, terms.asked_s),
                                   .options = options.form};
  // The shop's own choice of a language outranks the buyer's.
  const bool chosen = std::ranges::any_of(
      options.form, [](const auto& member) { return member.first == "locale"; });
  if (!chosen) params.locale = stripe_locale(terms.locale);
  return params;
}

// Stripe refuses an expiry that is too near. A first call that is repeated much later has one.
bool Checkout::counted_too_early(const Error& error, const OrderRequest& order,
                                 const Terms& terms) const {
  constexpr Duration calls_take = std::chrono::seconds(60);
  return error.code == Errc::invalid &&
         options_.session.of(order.tool.slug).expires_after != Duration(0) &&
         context_.clock.now() - from_unix_s(terms.asked_s) > calls_take;
}

boost::asio::awaitable<std::expected<CheckoutAnswer, Refusal>> Checkout::create(OrderRequest order,
                                                                                std::string key) {
  // Before Stripe is called: a refused order must not leave a session there.
  if (auto why = objection_to_prompt(context_.generators, context_.catalog, order.tool,
                                     styled_prompt(order.tool, order.prompt, order.style))) {
    co_return std::unexpected(too_long(std::move(*why)));
  }
  const bool room = co_await has_room(static_cast<std::int64_t>(order.prompt.size()));
  if (!room) co_return std::unexpected(too_many_unpaid());
  // Last, since it may ask the shop.
  if (options_.screening != nullptr) {
    const auto screened = co_await options_.screening->screen(order);
    if (!screened) co_return std::unexpected(screened.error());
  }
  MaybeOpened opened;
  if (key.empty()) {
    // Stripe's idempotency key must differ for each order: two equal orders without a caller's key
    // are two orders.
    std::string fresh = random_hex(16);
    Terms terms{
        .urls = options_.urls, .locale = order.locale, .asked_s = to_unix_s(context_.clock.now())};
    opened = co_await open_session(std::move(order), std::move(terms), std::move(fresh), 0);
  } else {
    std::string record = record_key(key);
    opened = co_await create_with_key(std::move(order), std::move(record));
  }
  context_.metrics.count(Counter::checkouts, opened ? "created" : opened.error().code);
  if (!opened) co_return std::unexpected(opened.error());
  co_return opened->answer;
}

// Asks Redis only when the last known total leaves no room: orders may have been paid since.
boost::asio::awaitable<bool> Checkout::has_room(std::int64_t bytes) {
  if (unpaid_bytes_ + bytes <= options_.unpaid_bytes_max) co_return true;
  const Result<std::int64_t> total = co_await context_.store.checkouts->unpaid_bytes();
  if (total) unpaid_bytes_ = *total;
  co_return unpaid_bytes_ + bytes <= options_.unpaid_bytes_max;
}

// A key holds for the whole account, which this Redis is bound to, and for one mode. It does not
// hold for one client alone: a retry may come from another address, of a shop with several servers
// or of a phone that moves.
std::string Checkout::record_key(std::string_view key) const {
  // Hashed, so that any key is a short name in Redis.
  const bool live = context_.stripe.livemode().value_or(false);
  return sha256_hex(fmt::format("{}\n{}", live ? "live" : "test", key));
}

boost::asio::awaitable<Checkout::MaybeOpened> Checkout::create_with_key(OrderRequest order,
                                                                        std::string record_key) {
  IdempotencyRecord fresh;
  fresh.body_sha256 = sha256_hex(order.canonical());
  fresh.success_url = options_.urls.success;
  fresh.cancel_url = options_.urls.cancel;
  fresh.locale = order.locale;
  fresh.asked_s = to_unix_s(context_.clock.now());
  // Recorded before the Stripe session is made, so two calls at once agree on one record.
  Result<IdempotencyRecord> kept =
      co_await context_.store.checkouts->idempotency(record_key, fresh, IfRecorded::keep);
  if (!kept) co_return std::unexpected(store_refusal());
  if (kept->body_sha256 != fresh.body_sha256) co_return std::unexpected(key_conflict());
  if (!kept->session_id.empty()) {
    const auto open = co_await still_open(kept->session_id);
    if (!open) co_return std::unexpected(stripe_refusal(open.error()));
    if (*open) co_return Opened{.answer = **open, .attempt = kept->attempt};
    // The noted session is not known to be open any more. The next attempt has another key at
    // Stripe, or Stripe would replay the old session.
    kept->attempt += 1;
  }
  // What the first call said: it is part of the key at Stripe, so with something else the retry
  // would open a second session.
  Terms terms{.urls = {.success = kept->success_url, .cancel = kept->cancel_url},
              .locale = kept->locale,
              .asked_s = kept->asked_s};
  // Records of older releases have less.
  if (terms.urls.success.empty()) terms.urls = options_.urls;
  if (terms.asked_s == 0) terms.asked_s = fresh.asked_s;
  MaybeOpened opened =
      co_await open_session(std::move(order), std::move(terms), record_key, kept->attempt);
  if (!opened) co_return opened;
  kept->attempt = opened->attempt;
  kept->asked_s = opened->asked_s;
  kept->session_id = opened->answer.session_id;
  const Result<IdempotencyRecord> noted =
      co_await context_.store.checkouts->idempotency(record_key, *kept, IfRecorded::replace);
  // Without the note Stripe's own key still finds the same session for a day.
  if (!noted) log_warn("idempotency_note_lost", {{"session", kept->session_id}});
  co_return opened;
}

boost::asio::awaitable<Checkout::MaybeOpened> Checkout::open_session(OrderRequest order,
                                                                     Terms terms,
                                                                     std::string key_seed,
                                                                     std::int64_t attempt) {
  const std::int64_t last = attempt + dead_sessions_max;
  for (; attempt < last; ++attempt) {
    stripe::CheckoutParams wanted = params_of(order, terms);
    // The form is part of the key: Stripe answers 400 when a key comes again with other parameters,
    // for example after a change of the configuration.
    std::string key = sha256_hex(fmt::format("{}\n{}\n{}", key_seed, wanted.form(), attempt));
    const Result<stripe::CheckoutSession> session =
        co_await context_.stripe.create_checkout(std::move(wanted), std::move(key));
    if (!session && counted_too_early(session.error(), order, terms)) {
      terms.asked_s = to_unix_s(context_.clock.now());
      continue;
    }
    if (!session && context_.stripe.key_refused()) {
      co_return std::unexpected(misconfigured(session.error(), "STRIPE_SECRET_KEY"));
    }
    if (!session) co_return std::unexpected(stripe_refusal(session.error()));
    Opened opened{.answer = {.session_id = session->id, .url = session->url},
                  .attempt = attempt,
                  .asked_s = terms.asked_s};
    if (session->replayed) {  // Stripe repeats its first answer; it may be paid by now
      const auto open = co_await still_open(session->id);
      if (!open) co_return std::unexpected(stripe_refusal(open.error()));
      if (!*open) continue;
      opened.answer = **open;
    }
    // The id becomes a key in Redis and a part of addresses, so an odd one is not stored.
    if (!is_session_id(session->id) || opened.answer.url.empty()) {
      co_return std::unexpected(stripe_refusal({Errc::ambiguous, "no usable session"}));
    }
    failpoint("checkout.before_store");
    const Result<void> kept = co_await keep(order, *session);
    if (!kept) {
      log_error("checkout_not_stored", {{"session", session->id}, {"why", kept.error().message}});
      co_await undo(session->id);
      co_return std::unexpected(store_refusal());
    }
    failpoint("checkout.after_store");
    log_info("checkout_created", {{"session", session->id},
                                  {"prompt_length", order.prompt.size()},
                                  {"videos", order.videos()},
                                  {"tool", order.tool.slug}});
    co_return opened;
  }
  co_return std::unexpected(stripe_refusal({Errc::unavailable, "every session was dead"}));
}

NewOrder Checkout::new_order(const OrderRequest& order,
                             const stripe::CheckoutSession& session) const {
  const Time now = context_.clock.now();
  NewOrder fresh;
  fresh.session_id = session.id;
  fresh.claim.created_us = to_us(now);
  // Stripe's expiry and amount, not our own: they are what the buyer sees and pays.
  fresh.claim.expires_us = to_us(from_unix_s(session.expires_at));
  fresh.claim.tool = order.tool.slug;
  if (order.tool_slug != order.tool.slug) fresh.claim.sold_as = order.tool_slug;
  fresh.claim.media = order.tool.media;
  fresh.claim.price = order.price.id;
  fresh.claim.quantity = order.quantity;
  fresh.claim.subtotal_minor = session.amount_subtotal;
  fresh.claim.amount_minor = session.amount_total;
  fresh.claim.currency = session.currency;
  fresh.claim.livemode = session.livemode;
  fresh.claim.units.resize(static_cast<std::size_t>(order.videos()));
  fresh.session = encode_session(session_data(order, now));
  fresh.line = {.when = now, .from = "", .to = "open", .why = "checkout created"};
  return fresh;
}

// Its places come first, and with them its due entry: a worker gets every order that exists, soon
// after its expiry at the latest. An order that is not stored then is found to be none.
boost::asio::awaitable<Result<void>> Checkout::keep(const OrderRequest& order,
                                                    const stripe::CheckoutSession& session) {
  NewOrder fresh = new_order(order, session);
  const Time created = fresh.line.when;
  NewPlaces places{.session_id = session.id,
                   .due = from_unix_s(session.expires_at) + context_.policy.expiry_slack,
                   .created = created,
                   .bytes = static_cast<std::int64_t>(order.prompt.size())};
  const Result<std::int64_t> entered = co_await context_.store.checkouts->enter(std::move(places));
  if (!entered) co_return fail(entered);
  unpaid_bytes_ = *entered;
  const Result<bool> stored = co_await context_.store.orders->create(std::move(fresh));
  if (!stored) co_return fail(stored);

  // The order is complete now. What follows is a hint, and not worth a lost sale.
  if (order.reference.empty()) co_return Result<void>();
  const Result<void> indexed = co_await context_.store.words->index_word(
      reference_word(order.reference), session.id, created);
  if (!indexed) log_warn("order_not_indexed", {{"session", session.id}});
  co_return Result<void>();
}

// Nobody may pay for an order that was not kept. The address was not handed out, so after a failure
// here nobody knows the page.
boost::asio::awaitable<void> Checkout::undo(std::string session_id) {
  const std::string key = sha256_hex("expire\n" + session_id);
  const Result<stripe::CheckoutSession> expired =
      co_await context_.stripe.expire_checkout(session_id, key);
  if (!expired) {
    log_warn("checkout_not_expired", {{"session", session_id}, {"why", expired.error().message}});
  }
}

boost::asio::awaitable<Result<std::optional<CheckoutAnswer>>> Checkout::still_open(
    std::string session_id) {
  const Result<stripe::CheckoutSession> now = co_await context_.stripe.retrieve_checkout(
      session_id, stripe::Expand::payment, stripe::Priority::checkout);
  if (!now && now.error().code == Errc::limited) co_return fail(now);
  if (!now || now->status != "open" || now->url.empty()) co_return std::nullopt;
  co_return CheckoutAnswer{.session_id = now->id, .url = now->url};
}

}  // namespace claimcheck
