#include "domain/command.hpp"

#include "base/assert.hpp"
#include "domain/command_units.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"
#include "domain/observe.hpp"
#include "domain/prompt_edit.hpp"
#include "domain/transition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

// A retry would poll the same job, and get the same answer.
bool has_dead_job(const Unit& unit) {
  const std::string_view why = unit.reason;
  return why.find(job_failed_reason) != std::string_view::npos ||
         why.find(job_lost_reason) != std::string_view::npos ||
         why.find(content_refused_reason) != std::string_view::npos;
}

// The units that a command is about, in order.
std::expected<std::vector<std::size_t>, Rejected> chosen(const Claim& claim,
                                                         const Command& command) {
  const std::size_t count = claim.units.size();
  if (command.unit && *command.unit >= count) {
    // People count videos from 1, and the API's member counts from 0: both are named.
    return reject("no_such_unit",
                  fmt::format("this order has {} videos, and no video {} (unit {} of the API)",
                              count, *command.unit + 1, *command.unit));
  }
  if (command.unit) return std::vector<std::size_t>{*command.unit};
  const bool all = command.all || command.kind == CommandKind::retry;
  if (count > 1 && (!all || command.kind == CommandKind::deliver)) {
    return reject("unit_missing", fmt::format("this order has {} videos: say which one", count));
  }
  std::vector<std::size_t> units;
  for (std::size_t i = 0; i < count; ++i) {
    // A retry of the order does not undo a decision about one of its videos.
    if (command.kind == CommandKind::retry && refund_was_decided(claim.units[i])) continue;
    units.push_back(i);
  }
  return units;
}

std::string words(const Claim& claim, const std::vector<std::size_t>& units) {
  std::string text = fmt::format("order {}", name_of(claim.state));
  for (const std::size_t unit : units) {
    text += fmt::format(", video {} {}", video_number(unit), name_of(claim.units[unit].state));
  }
  return text;
}

// `t.after` has the claim after the command. Adds the history line and the decision that follows.
Applied apply_command(Transition& t, const Command& command, Applied applied) {
  std::string why = fmt::format("{}{}{}: {}", by_operator, command.by.empty() ? "" : " ",
                                command.by, name_of(command.kind));
  if (!applied.units.empty()) {
    why += applied.units.size() == 1 ? " video" : " videos";
    for (const std::size_t unit : applied.units) {
      why += fmt::format("{} {}", unit == applied.units.front() ? "" : ",", video_number(unit));
    }
  }
  t.after.notified = still_notified(t.after);
  t.note({.from = words(t.before, applied.units),
          .to = words(t.after, applied.units),
          .why = std::move(why)});
  applied.decision = t.go_on();
  return applied;
}

// The order was held before Stripe answered "paid", so Stripe is asked first.
bool is_unproven(const Claim& claim) {
  return claim.state == OrderState::open || (claim.state == OrderState::held && !was_paid(claim));
}

// Nothing changes: every command is followed by a wake, and a look needs only that.
std::expected<Applied, Rejected> look_again(const Transition& t) {
  Applied applied;
  applied.decision = t.stay({.kind = ActionKind::finish});
  return applied;
}

std::expected<Applied, Rejected> erase(Transition& t, const Command& command) {
  if (t.before.state == OrderState::held) {
    return reject("held", "the order waits for a person: decide it first, its data may be needed");
  }
  if (!is_terminal(t.before.state)) {
    return reject("under_way", "the order is under way and needs its data; wait for its end");
  }
  return apply_command(t, command, {});
}

// Changes the units that the command can be applied to. For each of the others it adds the reason.
std::expected<Applied, Rejected> change_units(Transition& t, const Command& command,
                                              const std::vector<std::size_t>& units) {
  Applied applied;
  std::optional<Rejected> first;
  for (const std::size_t i : units) {
    ChangedUnit unit = apply_to_unit(t, i, command);
    if (unit) {
      if (*unit != t.before.units[i]) applied.units.push_back(i);
      t.unit(i) = std::move(*unit);
      continue;
    }
    unit.error().why = fmt::format("video {} {}", video_number(i), unit.error().why);
    // A refund of the whole order must not leave a unit out silently: the person would expect all
    // of the money back.
    if (unit.error().code == "not_settled") return std::unexpected(unit.error());
    applied.left_out.push_back(unit.error().why);
    if (!first) first = std::move(unit.error());
  }
  // A held order is retried as a whole, also when none of its units has to change.
  const bool order_goes_on = t.before.state == OrderState::held &&
                             command.kind == CommandKind::retry &&
                             std::ranges::any_of(t.after.units, goes_by_itself);
  if (applied.units.empty() && !order_goes_on) {
    if (first) return std::unexpected(*first);
    return reject("nothing_to_do", "there is nothing that it could be done for");
  }
  return applied;
}

}  // namespace

std::expected<Applied, Rejected> decide(const Claim& claim, const Command& command, Time now,
                                        const Policy& policy) {
  ENSURE(is_stored(claim));
  Transition t(claim, now, policy);
  if (command.kind == CommandKind::look) return look_again(t);
  if (command.kind == CommandKind::erase) return erase(t, command);
  if (claim.state == OrderState::expired || claim.state == OrderState::unpaid) {
    return reject("order_over", "the order was closed without a payment");
  }
  const bool asks_again = claim.state == OrderState::held && command.kind == CommandKind::retry;
  if (is_unproven(claim) && !asks_again) {
    return reject("not_paid",
                  "Stripe was not seen to say paid: look (of a held order: retry) "
                  "reads it there");
  }
  t.after.reason.clear();
  // The person may have decided after days, so Stripe is read before anything is done.
  t.after.payment_read_us = 0;
  if (is_unproven(claim)) {
    t.after.state = OrderState::open;
    return apply_command(t, command, {});
  }
  t.after.state = OrderState::paid;
  // The buyer could not write while the order was held.
  if (t.before.state == OrderState::held && may_edit_prompt(t.after)) begin_edit_time(t);
  const auto units = chosen(claim, command);
  if (!units) return std::unexpected(units.error());
  auto applied = change_units(t, command, *units);
  if (!applied) return applied;
  return apply_command(t, command, std::move(*applied));
}

std::vector<CommandKind> possible(const Claim& claim, std::optional<std::size_t> unit, Time now,
                                  const Policy& policy) {
  using enum CommandKind;
  std::vector<CommandKind> kinds = {look, retry, refund, erase};
  if (unit) kinds = {retry, resubmit, deliver, refund};
  if (unit && *unit < claim.units.size() && has_dead_job(claim.units[*unit])) {
    std::swap(kinds[0], kinds[1]);
  }
  std::erase_if(kinds, [&](CommandKind kind) {
    return !decide(claim, {.kind = kind, .unit = unit, .all = !unit, .url = {}}, now, policy);
  });
  return kinds;
}

}  // namespace claimcheck
