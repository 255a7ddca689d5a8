// Alert: a condition that needs a person: orders are held, refunds are stopped, a peer is away, a
// setting is wrong. Each kind is told once when it opens, again when its number grows considerably,
// and once when it ends. What was seen of it (AlertSign) and what is stored of it (AlertRecord)
// decide the next record, here and nowhere else. The store writes a record only over the one that
// it was decided on, so of several processes one decides each step. A step that is to be told stays
// pending until its notice is in the outbox, and nothing else happens to that alert meanwhile: a
// crash loses no notice. Pure; words for people are in alert_words.hpp.
#pragma once

#include "base/clock.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// In the order of urgency; the names are stored.
enum class AlertKind {
  redis_away,       // from one process' own view: never stored
  stripe_key,       // Stripe refuses STRIPE_SECRET_KEY
  stripe_away,      // no call to Stripe succeeds
  checkout_paused,  // many declined cards have paused new checkouts
  generator_token,  // the generator refuses SUPERDUPERAI_TOKEN
  generator_setup,  // a further generator refuses its key, or has a model no more
  generator_away,   // its breaker is open, and orders wait
  refunds_stopped,  // the refund breaker is open
  held,             // orders that wait for a decision
  disputes,         // banks that await an answer
  link_dead,        // delivered videos that are not at their address any more
  webhook_secret,   // no event is signed with STRIPE_WEBHOOK_SECRET
  webhook_silent,   // orders are paid, and no event comes
  balance_low,      // a generator's account is used up, or soon will be
  clock,            // a process' clock is wrong
  notifications     // notifications were given up
};
BOOST_DESCRIBE_ENUM(AlertKind, redis_away, stripe_key, stripe_away, checkout_paused,
                    generator_token, generator_setup, generator_away, refunds_stopped, held,
                    disputes, link_dead, webhook_secret, webhook_silent, balance_low, clock,
                    notifications)
inline constexpr std::size_t alert_kinds = 16;

// urgent: nobody can pay, paid orders stand still, or money waits for an answer.
enum class AlertSeverity { urgent, warning };
BOOST_DESCRIBE_ENUM(AlertSeverity, urgent, warning)

struct AlertRule {
  AlertKind kind = AlertKind::held;
  AlertSeverity severity = AlertSeverity::urgent;
  bool waits = false;        // opens only after AlertTimes::after: short outages are normal
  std::int64_t grow_by = 0;  // the least growth that is told; 0 = its number is not told of
};
const AlertRule& rule_of(AlertKind kind);

struct AlertTimes {
  Duration after = std::chrono::minutes(5);  // CLAIMCHECK_ALERT_AFTER
  // Between two notices that call for a person about one alert; an end is told at once.
  Duration gap = std::chrono::minutes(30);
  // A condition that was not seen for so long has begun anew.
  Duration forgotten = std::chrono::minutes(10);
};

// The condition at this moment; where nothing is known there is no sign.
struct AlertSign {
  AlertKind kind = AlertKind::held;
  bool on = false;
  std::int64_t count = 0;
  std::string why;  // for people; nothing of a buyer
};

// The next thing to tell about an alert; none = everything was told.
enum class AlertNews { none, opened, grown, closed };
BOOST_DESCRIBE_ENUM(AlertNews, none, opened, grown, closed)

struct AlertRecord {
  AlertKind kind = AlertKind::held;
  std::int64_t version = 0;  // of writes; 0 = never stored
  bool open = false;
  AlertNews pending = AlertNews::none;
  std::int64_t number = 0;     // counts the openings
  std::int64_t notices = 0;    // that called for a person, of this opening
  std::int64_t begun_us = 0;   // since when the condition holds; 0 = it does not
  std::int64_t seen_us = 0;    // when it was last seen to hold, to the minute
  std::int64_t since_us = 0;   // when the condition of the last opening began
  std::int64_t closed_us = 0;  // when that ended
  std::int64_t told_us = 0;    // when a person was last called for
  std::int64_t told_count = 0;
  std::int64_t count = 0;
  std::string why;

  bool operator==(const AlertRecord&) const = default;
};
// The stored members; the kind is in the field's name.
BOOST_DESCRIBE_STRUCT(AlertRecord, (),
                      (version, open, pending, number, notices, begun_us, seen_us, since_us,
                       closed_us, told_us, told_count, count, why))

// The record that follows, under the next version. Nothing = there is nothing to write.
std::optional<AlertRecord> alert_step(const AlertRecord& record, const AlertSign& sign, Time now,
                                      const AlertTimes& times);
// The record once its notice is in the outbox.
AlertRecord alert_told(AlertRecord record);

// Names and ids of a notice, as its outbox message has them.
std::string alert_type(AlertNews news);  // "alert.opened"
bool is_alert_type(std::string_view name);
AlertNews alert_news(std::string_view type);  // none = not an alert's type
// "held.3": the kind, and the number of the opening.
std::string alert_reference(const AlertRecord& record);
std::optional<AlertKind> alert_kind_in(std::string_view reference);
// "msg_" and 32 hex digits: the same in every process.
std::string alert_notice_id(const AlertRecord& record);

}  // namespace claimcheck
