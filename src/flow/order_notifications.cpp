#include "flow/order_notifications.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

// A buyer is told of ends, and of a long wait; that a person looks at the order stands on its page.
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
  if (order.context.channels.empty() || std::holds_alternative<Abandoned>(end)) co_return end;
  const DueNotifications due = due_notifications(order.claim, order.context.clock.now());
  if (due.notified == order.claim.notified) co_return end;
  for (const Notification& item : due.items) {
    const Result<void> put = co_await put_out(order, item);
    if (!put) {
      log_warn("news_not_kept", {{"session", order.id}, {"why", put.error().message}});
      co_return Abandoned();
    }
  }
  failpoint("news.after_put");
  Commit change;
  change.session_id = order.id;
  change.claim = order.claim;
  change.claim.notified = due.notified;
  const std::string state(name_of(order.claim.state));
  change.lines = {{order.context.clock.now(), state, state, why_told(due.items)}};
  const Result<CommitResult> stored =
      co_await order.context.store.orders->commit(std::move(change));
  if (!stored) co_return Abandoned();
  if (*stored == CommitResult::refused) co_return Parked{Duration(0)};  // somebody was faster
  co_return end;
}

}  // namespace claimcheck
