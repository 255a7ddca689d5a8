#include "flow/order_notifications.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

// A buyer is notified of ends, and of a long wait. Held and disputed are for the shop; the order's
// page shows the buyer that a person decides.
bool goes_by(Channel channel, NotificationKind kind) {
  const bool for_the_shop = kind == NotificationKind::held || kind == NotificationKind::disputed;
  return channel == Channel::webhook || !for_the_shop;
}

std::string why_told(const std::vector<Notification>& items) {
  std::string what;
  for (const Notification& item : items)
    what += (what.empty() ? "" : ", ") + notification_type(item.kind);
  return what.empty() ? "what was told does not hold any more" : "told: " + what;
}

Async<void> put_out(const OrderInWork& order, Notification item) {
  for (const Channel channel : order.context.channels) {
    if (!goes_by(channel, item.kind)) continue;
    OutboxMessage message;
    // The id follows from the order and the notification, so a repeated put finds the first one.
    message.id = notification_id(order.id, item);
    message.channel = channel;
    message.session = order.id;
    message.news = name_of(item.kind);
    failpoint("news.before_put");
    const Result<void> put = co_await order.context.store.outbox->put_message(std::move(message));
    if (!put) co_return put;
  }
  co_return Result<void>();
}

}  // namespace

boost::asio::awaitable<PassEnd> put_notifications(const OrderInWork& order, PassEnd end) {
  // After an abandoned pass it is not known what is stored. A notification of a state that was
  // never stored could not be taken back.
  if (order.context.channels.empty() || std::holds_alternative<Abandoned>(end)) co_return end;
  const DueNotifications due = due_notifications(order.claim, order.context.clock.now());
  // Compared by the whole member and not by the items: it also changes when a state has ended that
  // can happen again.
  if (due.notified == order.claim.notified) co_return end;
  // The outbox first, the claim second: in the other sequence a crash would lose the notification.
  for (const Notification& item : due.items) {
    const Result<void> put = co_await put_out(order, item);
    if (!put) {
      log_warn("news_not_kept", {{"session", order.id}, {"why", put.error().message}});
      co_return Abandoned();
    }
  }
  failpoint("news.after_put");
  // A commit of its own, under the fence: it must not note anything in a claim that another pass
  // has changed.
  Commit change;
  change.session_id = order.id;
  change.claim = order.claim;
  change.claim.notified = due.notified;
  const std::string state(name_of(order.claim.state));
  change.lines = {{order.context.clock.now(), state, state, why_told(due.items)}};
  const Result<CommitResult> stored =
      co_await order.context.store.orders->commit(std::move(change));
  if (!stored) co_return Abandoned();
  if (*stored == CommitResult::refused)
    co_return Parked{Duration(0)};  // another write came first; the next pass decides anew
  co_return end;
}

}  // namespace claimcheck
