// Notification: the message that an order has reached a state, from a closed set of kinds. It
// follows from the claim alone: each kind is a condition, and is notified once when the condition
// begins to hold. The claim's member `notified` says which were. States that can occur again (an
// order is held once more, a refund came back and is made anew) are counted. So every notification
// has an id of its own, and every process computes the same id. "Never paid" and "expired" have no
// notification: the buyer does not wait, and Stripe informs the shop. Only a buyer who wanted to
// hear of it gets the way back to an expired checkout.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// delivered: every video has its outcome, and at least one is delivered.
// failed: every video has its outcome, and none is delivered; or a delayed payment failed.
// refunded: the order is over, and money that was paid for it is refunded.
// held: a person must decide.
// delayed: it has waited at least `delayed_after` for a generator that is away.
// prompt_refused: the generator refused the prompt, and the buyer may write another one.
// disputed: a bank asks about the payment or takes it back, and an answer is due.
// abandoned: the checkout expired and can be continued, and the buyer agreed to be told.
enum class NotificationKind {
  delivered,
  failed,
  refunded,
  held,
  delayed,
  prompt_refused,
  disputed,
  abandoned
};
BOOST_DESCRIBE_ENUM(NotificationKind, delivered, failed, refunded, held, delayed, prompt_refused,
                    disputed, abandoned)

struct Notification {
  NotificationKind kind = NotificationKind::delivered;
  std::int64_t ordinal = 1;  // counts the notifications of this kind for this order, from 1

  bool operator==(const Notification&) const = default;
};

// An older order without any notification gets none: it ended before notifications were switched
// on. A dispute comes late, and is notified in any case.
inline constexpr Duration notification_age_max = std::chrono::days(14);

// A shorter outage of the generator is not notified.
inline constexpr Duration delayed_after = std::chrono::minutes(10);

// `notified` of an order that was over before Redis lost it: nothing is notified again.
inline constexpr const char* all_notified = "delivered.1 failed.1 refunded.1";

struct DueNotifications {
  std::vector<Notification> items;
  std::string notified;  // the claim's member, once they are out
};
DueNotifications due_notifications(const Claim& claim, Time now);

// The claim's member `notified` with the ended states marked. A command writes it together with its
// change, since a pass may bring the order back to the same state, which is then notified again.
std::string still_notified(const Claim& claim);
// "order.delivered". The name may also be one of a newer release.
std::string notification_type(NotificationKind kind);
std::string notification_type(std::string_view name);
// "msg_" and 32 hex digits.
std::string notification_id(std::string_view session_id, const Notification& notification);

}  // namespace claimcheck
