#include "flow/stripe_pages.hpp"

#include "base/log.hpp"
#include "flow/wake.hpp"
#include "flow/whose.hpp"
#include "store/sessions.hpp"

namespace claimcheck {

namespace {

Refusal store_away() {
  return {.kind = RefusalKind::store_unavailable,
          .code = "store_unavailable",
          .message = "the order store does not answer; try again",
          .param = {},
          .retry_after = std::chrono::seconds(2)};
}

Refusal stripe_away(const std::string& session_id, const Error& error) {
  log_warn("stripe_page_unknown", {{"session", session_id}, {"why", error.message}});
  const bool busy = error.code == Errc::limited;
  return {.kind = busy ? RefusalKind::stripe_busy : RefusalKind::stripe_unavailable,
          .code = busy ? "payment_busy" : "payment_unavailable",
          .message = "the payment provider does not answer; try again in a few seconds",
          .param = {},
          .retry_after = std::chrono::seconds(5)};
}

// Redis did not answer, which says nothing about the order.
bool unanswered(const Result<SessionData>& known) {
  return !known && known.error().code != Errc::not_found && known.error().code != Errc::unreadable;
}

// The buyer's browser is sent there, so nothing but an address of the web.
std::string web_address(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://") ? url : std::string();
}

}  // namespace

// An hour has a fixed number of them: anybody can invent ids, and Stripe's reads are numbered.
bool StripePages::may_ask_about_unknown(const std::string& session_id) {
  const std::optional<bool> live = context_.stripe.livemode();
  if (live && session_id.starts_with("cs_live_") != *live) return false;
  const Duration now = context_.clock.steady();
  if (now - unknown_since_ > std::chrono::hours(1)) {
    unknown_ = 0;
    unknown_since_ = now;
  }
  return unknown_++ < unknown_max;
}

boost::asio::awaitable<StripePages::Read> StripePages::read(std::string session_id, bool known) {
  if (!known && !may_ask_about_unknown(session_id)) co_return std::nullopt;
  Result<stripe::CheckoutSession> session = co_await context_.stripe.retrieve_checkout(
      session_id, stripe::Expand::payment, stripe::Priority::checkout);
  if (!session && session.error().code == Errc::not_found) co_return std::nullopt;
  if (!session) co_return std::unexpected(stripe_away(session_id, session.error()));
  if (!known) {
    const Result<bool> ours =
        co_await is_ours(*context_.store.sessions, context_.catalog, session_id, session->tool);
    if (!ours) co_return std::unexpected(store_away());
    if (!*ours) co_return std::nullopt;
  }
  co_return std::move(*session);
}

boost::asio::awaitable<StripePages::Address> StripePages::payment(std::string session_id) {
  const Result<SessionData> known = co_await get_session(*context_.store.sessions, session_id);
  if (unanswered(known)) co_return std::unexpected(store_away());
  // Paid: nothing is asked.
  const bool paid = known && (known->status == SessionStatus::processing ||
                              known->status == SessionStatus::completed || known->paid);
  if (paid) co_return std::string();
  const Read session = co_await read(session_id, known.has_value());
  if (!session) co_return std::unexpected(session.error());
  if (!*session) co_return std::string();
  if ((*session)->status == "open") co_return web_address((*session)->url);
  // It has ended, so an order that is not paid here is behind. Only a hint: it is looked at anyway.
  if (known) {
    const Result<void> woken = co_await wake(context_, session_id);
    if (!woken) log_info("visit_not_kept", {{"session", session_id}});
  }
  co_return web_address((*session)->recovery_url);
}

boost::asio::awaitable<StripePages::Address> StripePages::receipt(std::string session_id) {
  const Result<SessionData> known = co_await get_session(*context_.store.sessions, session_id);
  if (unanswered(known)) co_return std::unexpected(store_away());
  // Only an order that can be seen here has its receipt shown.
  if (!known || !known->paid) co_return std::string();
  const Read session = co_await read(session_id, true);
  if (!session) co_return std::unexpected(session.error());
  if (!*session) co_return std::string();
  co_return web_address((*session)->receipt_url);
}

}  // namespace claimcheck
