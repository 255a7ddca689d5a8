#include "flow/order_notifications.hpp"

#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace claimcheck {

namespace {

// A way back to a checkout that was left is for its buyer; it is nothing that the shop must act on.
bool is_for_shop(NotificationKind kind) { return kind != NotificationKind::abandoned; }

// What a buyer is told of a notification; nothing = no mail. Held and disputed are for the shop:
// the order's page shows the buyer that a person decides. Where an order has ended and its money is
// back at the same moment, one mail tells both: that of the end, under the refund's id. Had an
// earlier pass put the end out alone and crashed, its mail would not know of the refund, and this
// one still goes.
std::optional<NotificationKind> mail_of(NotificationKind kind,
                                        const std::vector<Notification>& due) {
  using enum NotificationKind;
  const auto is_due = [&due](NotificationKind one) {
    return std::ranges::find(due, one, &Notification::kind) != due.end();
  };
  const bool is_end = kind == delivered || kind == failed;
  if (kind == held || kind == disputed || (is_end && is_due(refunded))) return std::nullopt;
  if (kind != refunded) return kind;
  if (is_due(failed)) return failed;
  return is_due(delivered) ? delivered : refunded;
}

std::string why_told(const std::vector<Notification>& items) {
  std::string what;
  for (const Notification& item : items)
    what += (what.empty() ? "" : ", ") + notification_type(item.kind);
  return what.empty() ? "what was told does not hold any more" : "told: " + what;
}

Async<void> put_out(const OrderInWork& order, Notification item,
                    const std::vector<Notification>& due) {
  for (const Channel channel : order.context.channels) {
    const bool is_mail = channel == Channel::mail;
    if (!is_mail && !is_for_shop(item.kind)) continue;
    const auto kind = is_mail ? mail_of(item.kind, due) : std::optional(item.kind);
    if (!kind) continue;
    OutboxMessage message;
    // The id follows from the order and the notification, so a repeated put finds the first one.
    message.id = notification_id(order.id, item);
    message.channel = channel;
    message.session = order.id;
    message.news = name_of(*kind);
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
    const Result<void> put = co_await put_out(order, item, due.items);
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
