// Notification: what the world outside is told of an order, a closed set of kinds. It follows from
// the claim alone: each kind is a condition, notified once when it begins to hold, and the claim's
// member `notified` says which were. What can happen again (an order is held once more, a refund
// came back and went out anew) is counted, so every transition has an id of its own, the same for
// whoever computes it. Never paid and expired is none: nobody waits for it, and Stripe tells the
// shop.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// delivered: every video has its outcome, and at least one is there to be seen.
// failed: every video has its outcome, and none is there; or the payment failed on its way.
// refunded: the order is over, and money that was paid for it is back.
// held: a person must decide.
// delayed: it has waited so long for a generator that is away.
// disputed: a bank asks about the payment or takes it back, and an answer is due.
enum class NotificationKind { delivered, failed, refunded, held, delayed, disputed };
BOOST_DESCRIBE_ENUM(NotificationKind, delivered, failed, refunded, held, delayed, disputed)

struct Notification {
  NotificationKind kind = NotificationKind::delivered;
  std::int64_t ordinal = 1;  // the how-manieth of its kind for this order

  bool operator==(const Notification&) const = default;
};

// An order that was last worked on longer ago than this, and of which nothing was notified, stays
// so: it ended before anybody wanted to know. Disputes come late: they are notified in any case.
inline constexpr Duration notification_age_max = std::chrono::days(14);

// A generator that is away for less is nobody's worry.
inline constexpr Duration delayed_after = std::chrono::minutes(10);

// `notified` of an order that was over before Redis lost it: nobody is notified again.
inline constexpr const char* all_notified = "delivered.1 failed.1 refunded.1";

struct DueNotifications {
  std::vector<Notification> items;
  std::string notified;  // the claim's member, once they are out
};
DueNotifications due_notifications(const Claim& claim, Time now);

// The claim's member `notified`, when what does not hold any more is noted: whoever changes an
// order by hand writes it with the change, for a pass may bring the order back to where it was.
std::string still_notified(const Claim& claim);
// "order.delivered"; of a name also one that only a newer release knows.
std::string notification_type(NotificationKind kind);
std::string notification_type(std::string_view name);
// "msg_" and 32 hex digits.
std::string notification_id(std::string_view session_id, const Notification& notification);

}  // namespace claimcheck
