#include "domain/command.hpp"

#include "base/assert.hpp"
#include "domain/command_units.hpp"
#include "domain/names.hpp"
#include "domain/news.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

// Which units a command is about, in order.
std::expected<std::vector<std::size_t>, Declined> chosen(const Claim& claim,
                                                         const Command& command) {
  const std::size_t count = claim.units.size();
  if (command.unit && *command.unit >= count) {
    return decline("no_such_unit", fmt::format("this order has {} videos, counted from 0: there "
                                               "is no unit {}",
                                               count, *command.unit));
  }
  if (command.unit) return std::vector<std::size_t>{*command.unit};
  const bool all = command.all || command.kind == CommandKind::retry;
  if (count > 1 && (!all || command.kind == CommandKind::deliver)) {
    return decline("unit_missing", fmt::format("this order has {} videos: say which unit", count));
  }
  std::vector<std::size_t> units;
  for (std::size_t i = 0; i < count; ++i) {
    // Whoever retries an order does not take back what was decided about one of its videos.
    const Unit& unit = claim.units[i];
    const bool decided = unit.state == UnitState::failed && unit.by_hand_us != 0;
    if (decided && command.kind == CommandKind::retry) continue;
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

Obeyed obey(const Claim& before, Claim changed, const Command& command, Obeyed obeyed, Time now,
            const Policy& policy) {
  std::string why = fmt::format("{}{}", by_operator, name_of(command.kind));
  if (!obeyed.units.empty()) {
    why += obeyed.units.size() == 1 ? " video" : " videos";
    for (const std::size_t unit : obeyed.units) {
      why += fmt::format("{} {}", unit == obeyed.units.front() ? "" : ",", video_number(unit));
    }
  }
  changed.told = still_told(changed);
  const Claim changed_as_commanded = changed;
  obeyed.decision = change_order(before, std::move(changed), std::move(why), now, policy);
  Move& move = obeyed.decision.moves.front();
  move.from = words(before, obeyed.units);
  move.to = words(changed_as_commanded, obeyed.units);
  return obeyed;
}

// Held before Stripe was seen to say paid: whether it is, Stripe is asked first.
bool is_unproven(const Claim& claim) {
  return claim.state == OrderState::open || (claim.state == OrderState::held && claim.paid_us == 0);
}

std::expected<Obeyed, Declined> look_again(const Claim& claim) {
  Obeyed obeyed;
  obeyed.decision = stay(claim, {.kind = ActionKind::finish});
  return obeyed;
}

std::expected<Obeyed, Declined> erase(const Claim& claim, const Command& command, Time now,
                                      const Policy& policy) {
  if (claim.state == OrderState::held) {
    return decline("held", "the order waits for a person: decide it first, its data may be needed");
  }
  if (!is_terminal(claim.state)) {
    return decline("under_way", "the order is under way and needs its data; wait for its end");
  }
  return obey(claim, claim, command, {}, now, policy);
}

bool has_a_way_to_go(const Unit& unit) {
  return unit.state != UnitState::held && unit.state != UnitState::delivered &&
         unit.state != UnitState::refunded;
}

}  // namespace

std::expected<Obeyed, Declined> decide(const Claim& claim, const Command& command, Time now,
                                       const Policy& policy) {
  ENSURE(claim.version > 0);
  if (command.kind == CommandKind::look) return look_again(claim);
  if (command.kind == CommandKind::erase) return erase(claim, command, now, policy);
  if (claim.state == OrderState::expired || claim.state == OrderState::unpaid) {
    return decline("order_over", "the order was closed without a payment");
  }
  const bool asks_again = claim.state == OrderState::held && command.kind == CommandKind::retry;
  if (is_unproven(claim) && !asks_again) {
    return decline("not_paid",
                   "Stripe was not seen to say paid: look (of a held order: retry) "
                   "reads it there");
  }
  Claim changed = claim;
  changed.reason.clear();
  changed.looked_us = 0;
  if (is_unproven(claim)) {
    changed.state = OrderState::open;
    return obey(claim, std::move(changed), command, {}, now, policy);
  }
  const auto units = chosen(claim, command);
  if (!units) return std::unexpected(units.error());
  changed.state = OrderState::paid;
  Obeyed obeyed;
  std::optional<Declined> first;
  for (const std::size_t i : *units) {
    Changed unit = change(claim, i, command, now, policy);
    if (unit) {
      if (*unit != claim.units[i]) obeyed.units.push_back(i);
      changed.units[i] = std::move(*unit);
      continue;
    }
    unit.error().why = fmt::format("video {} {}", video_number(i), unit.error().why);
    // Whoever refunds an order shall not believe that all of it goes back.
    if (unit.error().code == "not_settled") return std::unexpected(unit.error());
    obeyed.left_out.push_back(unit.error().why);
    if (!first) first = std::move(unit.error());
  }
  const bool goes_on = claim.state == OrderState::held && command.kind == CommandKind::retry &&
                       std::ranges::any_of(changed.units, has_a_way_to_go);
  if (obeyed.units.empty() && !goes_on) {
    if (first) return std::unexpected(*first);
    return decline("nothing_to_do", "there is nothing that it could be done for");
  }
  return obey(claim, std::move(changed), command, std::move(obeyed), now, policy);
}

std::vector<CommandKind> possible(const Claim& claim, std::optional<std::size_t> unit, Time now,
                                  const Policy& policy) {
  using enum CommandKind;
  std::vector<CommandKind> kinds = {look, retry, refund, erase};
  if (unit) kinds = {retry, resubmit, deliver, refund};
  std::erase_if(kinds, [&](CommandKind kind) {
    return !decide(claim, {.kind = kind, .unit = unit, .all = !unit, .url = {}}, now, policy);
  });
  return kinds;
}

}  // namespace claimcheck
