#include "domain/notification.hpp"

#include "base/crypto.hpp"
#include "domain/alert.hpp"
#include "domain/money.hpp"
#include "domain/names.hpp"
#include "domain/prompt_edit.hpp"
#include "domain/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace claimcheck {

namespace {

bool is_sent_back(const Unit& unit) {
  return unit.state == UnitState::refunding || unit.state == UnitState::refunded;
}

bool every_outcome_is_known(const Claim& claim) {
  return !claim.units.empty() && std::ranges::all_of(claim.units, [](const Unit& unit) {
    return unit.state == UnitState::delivered || is_sent_back(unit);
  });
}

bool any_delivered(const Claim& claim) {
  return std::ranges::count(claim.units, UnitState::delivered, &Unit::state) > 0;
}

bool money_is_back(const Claim& claim) {
  std::int64_t back = 0;
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    if (claim.units[i].state != UnitState::refunded) continue;
    back += unit_price(claim, i);
  }
  return claim.state == OrderState::done && back > 0;
}

bool is_delayed(const Claim& claim, Time now) {
  return claim.state == OrderState::paid &&
         std::ranges::any_of(claim.units, [now](const Unit& unit) {
           return waits_for_generator(unit) && now - from_us(unit.away_us) >= delayed_after;
         });
}

bool holds(NotificationKind kind, const Claim& claim, Time now) {
  switch (kind) {
    case NotificationKind::delivered: return every_outcome_is_known(claim) && any_delivered(claim);
    case NotificationKind::failed:
      return claim.state == OrderState::unpaid ||
             (every_outcome_is_known(claim) && !any_delivered(claim));
    case NotificationKind::refunded: return money_is_back(claim);
    case NotificationKind::held: return claim.state == OrderState::held;
    case NotificationKind::delayed: return is_delayed(claim, now);
    case NotificationKind::prompt_refused: return may_edit_prompt(claim);
    case NotificationKind::disputed: return needs_answer(claim.dispute);
    case NotificationKind::abandoned:
      return claim.state == OrderState::expired && claim.recoverable;
  }
  return false;
}

// These are final; the other states can end and begin again.
bool can_happen_again(NotificationKind kind) {
  return kind != NotificationKind::delivered && kind != NotificationKind::failed &&
         kind != NotificationKind::abandoned;
}

// `notified` is a list of entries like "held.2", or "held.2-" when that state has ended. An entry
// of a newer release that this one cannot read is kept as it is.
struct Entry {
  std::int64_t count = 0;
  bool holding = false;
};
struct EntryList {
  std::map<NotificationKind, Entry> known;
  std::string unknown;
};

bool read_entry(std::string_view text, EntryList& list) {
  Entry entry{.holding = !text.ends_with('-')};
  if (!entry.holding) text.remove_suffix(1);
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto kind = from_name<NotificationKind>(text.substr(0, dot));
  const std::string_view number = text.substr(dot + 1);
  const char* const end = number.data() + number.size();
  const auto [stop, failed] = std::from_chars(number.data(), end, entry.count);
  if (!kind || failed != std::errc() || stop != end || entry.count < 1) return false;
  list.known[*kind] = entry;
  return true;
}

EntryList read_entries(std::string_view text) {
  EntryList list;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (!word.empty() && !read_entry(word, list)) list.unknown += " " + std::string(word);
  }
  return list;
}

std::string print_entries(const EntryList& list) {
  std::string text;
  for (const auto& [kind, entry] : list.known) {
    text += fmt::format(" {}.{}{}", name_of(kind), entry.count, entry.holding ? "" : "-");
  }
  text += list.unknown;
  return text.empty() ? text : text.substr(1);
}

// The last known change of the order: an order that ended by itself ended when it was last worked
// on.
Time last_moved(const Claim& claim) {
  std::int64_t last_us = std::max({claim.created_us, claim.paid_us, claim.payment_read_us});
  for (const Unit& unit : claim.units) last_us = std::max(last_us, unit.operator_decided_us);
  return from_us(last_us);
}

}  // namespace

std::string still_notified(const Claim& claim) {
  EntryList list = read_entries(claim.notified);
  for (auto& [kind, entry] : list.known) {
    // A delayed order stays delayed until it no longer waits: at Time::max() every wait is long
    // enough.
    if (can_happen_again(kind) && !holds(kind, claim, Time::max())) entry.holding = false;
  }
  return print_entries(list);
}

DueNotifications due_notifications(const Claim& claim, Time now) {
  DueNotifications due;
  EntryList list = read_entries(still_notified(claim));
  // When notifications are switched on, none are sent about the orders of last month. An order that
  // had a notification already gets the following ones.
  const bool nothing_yet = std::ranges::all_of(
      list.known, [](const auto& entry) { return entry.first == NotificationKind::disputed; });
  const bool old =
      nothing_yet && list.unknown.empty() && last_moved(claim) + notification_age_max < now;
  using enum NotificationKind;
  // Put into the outbox in this order: the end of an order before its consequences.
  for (const NotificationKind kind :
       {delivered, failed, refunded, held, delayed, prompt_refused, disputed, abandoned}) {
    if ((old && kind != disputed) || !holds(kind, claim, now)) continue;
    Entry& entry = list.known[kind];
    if (entry.holding || (entry.count > 0 && !can_happen_again(kind))) continue;
    entry.holding = true;
    ++entry.count;
    due.items.push_back({.kind = kind, .ordinal = entry.count});
  }
  due.notified = print_entries(list);
  return due;
}

std::string notification_type(NotificationKind kind) { return notification_type(name_of(kind)); }

std::string notification_type(std::string_view name) {
  // A notice of an alert is no order's, and is stored under its whole name.
  if (is_alert_type(name)) return std::string(name);
  return fmt::format("order.{}", name);
}

std::string notification_id(std::string_view session_id, const Notification& notification) {
  constexpr std::size_t digits = 32;
  const std::string what =
      fmt::format("{} {}.{}", session_id, name_of(notification.kind), notification.ordinal);
  return "msg_" + sha256_hex(what).substr(0, digits);
}

}  // namespace claimcheck
