#include "domain/alert.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

using enum AlertKind;
using enum AlertSeverity;

// In the order of AlertKind.
constexpr std::array<AlertRule, alert_kinds> rules = {{
    {.kind = redis_away, .severity = urgent, .waits = true},
    {.kind = stripe_key, .severity = urgent},
    {.kind = stripe_away, .severity = urgent, .waits = true},
    {.kind = checkout_paused, .severity = urgent},
    {.kind = generator_token, .severity = urgent},
    {.kind = generator_setup, .severity = urgent},
    {.kind = generator_away, .severity = urgent, .waits = true},
    {.kind = refunds_stopped, .severity = urgent},
    {.kind = held, .severity = warning, .grow_by = 5},
    // Each dispute has a day of its own by which it is lost.
    {.kind = disputes, .severity = warning, .grow_by = 1},
    {.kind = link_dead, .severity = warning},
    {.kind = webhook_secret, .severity = warning},
    {.kind = webhook_silent, .severity = warning},
    {.kind = balance_low, .severity = warning},
    {.kind = AlertKind::clock, .severity = warning},
    {.kind = notifications, .severity = warning},
}};

constexpr Duration seen_step = std::chrono::minutes(1);

// A time in the future was written before the clock was put back; it must delay nothing.
bool is_over(std::int64_t since_us, Duration length, Time now) {
  const std::int64_t passed = to_us(now) - since_us;
  return passed < 0 || passed >= length.count();
}

// Doubling, so that an outage of a thousand orders is told a few times.
bool has_grown(const AlertRecord& record, std::int64_t count) {
  const std::int64_t grow_by = rule_of(record.kind).grow_by;
  return grow_by > 0 && count >= std::max(2 * record.told_count, record.told_count + grow_by);
}

void call_for_a_person(AlertRecord& next, AlertNews news, Time now) {
  next.pending = news;
  ++next.notices;
  next.told_us = to_us(now);
  next.told_count = next.count;
}

void see(AlertRecord& next, Time now, const AlertTimes& times) {
  const bool anew = next.begun_us == 0 || is_over(next.seen_us, times.forgotten, now);
  if (anew && !next.open) next.begun_us = to_us(now);
  // Once a minute, so that most looks write nothing.
  if (anew || is_over(next.seen_us, seen_step, now)) next.seen_us = to_us(now);
}

void hold(AlertRecord& next, const AlertSign& sign, Time now, const AlertTimes& times) {
  see(next, now, times);
  next.count = sign.count;
  next.why = sign.why;
  if (next.told_us != 0 && !is_over(next.told_us, times.gap, now)) return;
  if (next.open) {
    if (has_grown(next, sign.count)) call_for_a_person(next, AlertNews::grown, now);
    return;
  }
  const Duration after = rule_of(next.kind).waits ? times.after : Duration(0);
  if (!is_over(next.begun_us, after, now)) return;
  next.open = true;
  ++next.number;
  next.notices = 0;
  next.since_us = next.begun_us;
  next.closed_us = 0;
  call_for_a_person(next, AlertNews::opened, now);
}

void end(AlertRecord& next, Time now) {
  next.begun_us = 0;
  next.seen_us = 0;
  if (!next.open) return;
  next.open = false;
  next.count = 0;
  next.closed_us = to_us(now);
  next.pending = AlertNews::closed;
}

constexpr std::string_view type_prefix = "alert.";

}  // namespace

const AlertRule& rule_of(AlertKind kind) {
  const AlertRule& rule = rules.at(static_cast<std::size_t>(kind));
  ENSURE(rule.kind == kind);
  return rule;
}

std::optional<AlertRecord> alert_step(const AlertRecord& record, const AlertSign& sign, Time now,
                                      const AlertTimes& times) {
  // What is pending is told first: the next step would replace it.
  if (record.pending != AlertNews::none) return std::nullopt;
  AlertRecord next = record;
  if (sign.on) {
    hold(next, sign, now, times);
  } else {
    end(next, now);
  }
  if (next == record) return std::nullopt;
  ++next.version;
  return next;
}

AlertRecord alert_told(AlertRecord record) {
  record.pending = AlertNews::none;
  ++record.version;
  return record;
}

std::string alert_type(AlertNews news) { return fmt::format("{}{}", type_prefix, name_of(news)); }

bool is_alert_type(std::string_view name) { return name.starts_with(type_prefix); }

AlertNews alert_news(std::string_view type) {
  if (!is_alert_type(type)) return AlertNews::none;
  return from_name<AlertNews>(type.substr(type_prefix.size())).value_or(AlertNews::none);
}

std::string alert_reference(const AlertRecord& record) {
  return fmt::format("{}.{}", name_of(record.kind), record.number);
}

std::optional<AlertKind> alert_kind_in(std::string_view reference) {
  return from_name<AlertKind>(reference.substr(0, reference.find('.')));
}

std::string alert_notice_id(const AlertRecord& record) {
  constexpr std::size_t digits = 32;
  // With its time: in a Redis that was emptied the openings are counted anew, and a receiver must
  // not take a new alert for an old one.
  const std::string what = fmt::format("alert {} {} {} {}", alert_reference(record),
                                       record.since_us, record.notices, name_of(record.pending));
  return "msg_" + sha256_hex(what).substr(0, digits);
}

}  // namespace claimcheck
