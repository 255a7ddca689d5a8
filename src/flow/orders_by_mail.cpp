#include "flow/orders_by_mail.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "domain/orders_link.hpp"
#include "store/search_words.hpp"
#include "store/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr Duration look_every = std::chrono::minutes(1);  // only for a ring that was lost

// The same at every process, so an address gets one mail an hour whoever asks, and where.
std::string message_id(std::string_view email, Time now) {
  const auto hour = now.time_since_epoch() / orders_link_every;
  const std::string digest = sha256_hex(fmt::format("orders link {} {}", lowercase(email), hour));
  return "msg_" + digest.substr(0, 32);
}

bool is_of(const Result<SessionData>& session, std::string_view email) {
  return session && lowercase(session->customerEmail.value_or("")) == lowercase(email);
}

// Redis did not answer. A value that is gone or cannot be read is an answer.
bool unanswered(const Result<SessionData>& session) {
  return !session && session.error().code != Errc::not_found &&
         session.error().code != Errc::unreadable;
}

}  // namespace

OrdersByMail::OrdersByMail(Context& context, const boost::asio::any_io_executor& executor,
                           std::vector<Secret> keys)
    : context_(context), keys_(std::move(keys)), asked_(executor) {}

bool OrdersByMail::has_mail() const {
  return std::ranges::find(context_.channels, Channel::mail) != context_.channels.end();
}

bool OrdersByMail::ask(std::string email) {
  if (waiting_.size() >= waiting_max) return false;
  waiting_.push_back(std::move(email));
  asked_.ring();
  return true;
}

boost::asio::awaitable<void> OrdersByMail::run() {
  while (true) {
    if (waiting_.empty()) co_await asked_.wait(look_every);
    if (waiting_.empty()) continue;
    std::string email = std::move(waiting_.front());
    waiting_.pop_front();
    const Result<void> sent = co_await send(std::move(email));
    // Without the address: who asks is a buyer, and the log is not for that.
    if (!sent) log_warn("orders_link_not_sent", {{"why", sent.error().message}});
  }
}

// The mail is about one order of the address: the record in the outbox holds no address, and the
// mail is sent to the one that the order has by then.
Async<void> OrdersByMail::send(std::string email) {
  Result<std::vector<std::string>> ids =
      co_await context_.store.words->find_word(email_word(email));
  if (!ids) co_return fail(ids);
  for (std::string& id : *ids) {
    const Result<SessionData> session = co_await get_session(*context_.store.sessions, id);
    if (unanswered(session)) co_return fail(session);
    if (!is_of(session, email)) continue;
    const Time now = context_.clock.now();
    co_return co_await context_.store.outbox->put_message({.id = message_id(email, now),
                                                           .channel = Channel::mail,
                                                           .session = std::move(id),
                                                           .news = orders_link_news,
                                                           .first_us = to_us(now)});
  }
  co_return Result<void>();
}

Async<std::vector<OrderOfAddress>> OrdersByMail::open(std::string text) {
  const std::optional<OrdersLink> link = orders_link_in(text);
  if (!link) co_return fail(Errc::invalid, "this is not one of our links");
  if (link->until <= context_.clock.now()) co_return fail(Errc::not_found, "the link has ended");
  const Result<SessionData> named =
      co_await get_session(*context_.store.sessions, link->session_id);
  if (!named) co_return fail(named);
  const std::string email = named->customerEmail.value_or("");
  if (email.empty()) co_return fail(Errc::not_found, "the order has no address any more");
  if (!is_signed(*link, email, keys_)) {
    co_return fail(Errc::invalid, "this is not one of our links");
  }
  const Result<std::vector<std::string>> ids =
      co_await context_.store.words->find_word(email_word(email));
  if (!ids) co_return fail(ids);
  std::vector<OrderOfAddress> orders;
  for (const std::string& id : *ids) {
    Result<SessionData> session = co_await get_session(*context_.store.sessions, id);
    if (unanswered(session)) co_return fail(session);
    // An order whose address was corrected or erased is not this buyer's any more.
    if (!is_of(session, email)) continue;
    orders.push_back({.session_id = id,
                      .status = session->status,
                      .title = std::move(session->toolTitle),
                      .videos = session->videoCount,
                      .created = std::move(session->createdAt),
                      .paid = std::move(session->paid),
                      .price = std::move(session->priceId)});
  }
  co_return orders;
}

}  // namespace claimcheck
