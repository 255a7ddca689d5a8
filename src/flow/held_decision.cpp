#include "flow/held_decision.hpp"

#include "base/log.hpp"
#include "domain/names.hpp"
#include "domain/order_totals.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// Of a video the command that helps comes first; of all videos only what is possible for each.
std::vector<CommandKind> possible_for(const Claim& claim, const HeldPart& part, Time now,
                                      const Policy& policy) {
  std::vector<CommandKind> kinds;
  if (part.units.empty()) {
    kinds = possible(claim, std::nullopt, now, policy);
  } else {
    kinds = possible(claim, part.units.front(), now, policy);
  }
  for (const std::size_t unit : part.units) {
    const std::vector<CommandKind> of_unit = possible(claim, unit, now, policy);
    std::erase_if(kinds, [&of_unit](CommandKind kind) {
      return std::ranges::find(of_unit, kind) == of_unit.end();
    });
  }
  std::erase_if(kinds, [](CommandKind kind) { return !is_for_many(kind); });
  return kinds;
}

HeldResult refused(std::string id, std::string code, std::string why) {
  return {.id = std::move(id), .done = false, .code = std::move(code), .why = std::move(why)};
}

// What is wrong before any command: the order is not what the person saw.
std::optional<HeldResult> unlike_shown(const HeldDecision& decision, const HeldChoice& choice,
                                       const Claim& claim, const std::optional<HeldPart>& part) {
  if (claim.version != choice.version) {
    return refused(choice.session_id, "changed", "the order has changed since it was shown");
  }
  if (!part) return refused(choice.session_id, "not_held", "the order is not held any more");
  if (part->cause != decision.cause) {
    return refused(choice.session_id, "other_cause", "it is held for another reason");
  }
  const auto possible = std::ranges::find(part->actions, decision.kind);
  if (possible != part->actions.end()) return std::nullopt;
  return refused(choice.session_id, "not_possible", "this is not possible for what is held");
}

// The commands for one order: one for each of its held videos, or one for the whole.
std::vector<OperatorAction> commands_for(const HeldDecision& decision, const HeldChoice& choice,
                                         const HeldPart& part) {
  std::vector<OperatorAction> commands;
  OperatorAction whole{.command = {.kind = decision.kind,
                                   .unit = {},
                                   .all = decision.kind == CommandKind::refund,
                                   .url = {},
                                   .by = decision.by},
                       .version = choice.version,
                       .note = decision.note};
  if (part.units.empty()) commands.push_back(whole);
  for (const std::size_t unit : part.units) {
    OperatorAction one = whole;
    one.command.all = false;
    one.command.unit = unit;
    // Only the first one finds the claim as it was shown: the others come after its write, and find
    // a video that is not held any more if somebody else was faster.
    if (!commands.empty()) one.version.reset();
    commands.push_back(std::move(one));
  }
  return commands;
}

// The commands after the first one cannot name the version that was shown, since the first one has
// changed it. So each asks whether its video is still held for the same.
boost::asio::awaitable<bool> is_still_held(Context& context, const HeldChoice& choice,
                                           const OperatorAction& command,
                                           const std::string& cause) {
  const Result<Claim> claim = co_await context.store.orders->load(choice.session_id);
  if (!claim || !command.command.unit || *command.command.unit >= claim->units.size()) {
    co_return false;
  }
  const Unit& unit = claim->units[*command.command.unit];
  co_return unit.state == UnitState::held && (unit.reason == cause || unit.reason.empty());
}

boost::asio::awaitable<HeldResult> decide_one(Context& context, const HeldDecision& decision,
                                              const HeldChoice& choice) {
  HeldResult result{.id = choice.session_id};
  const Result<Claim> claim = co_await context.store.orders->load(choice.session_id);
  if (!claim) {
    const bool gone = claim.error().code == Errc::not_found;
    const bool unreadable = claim.error().code == Errc::unreadable;
    co_return refused(choice.session_id,
                      gone         ? "not_found"
                      : unreadable ? "unreadable"
                                   : "store_unavailable",
                      gone ? "no such order" : claim.error().message);
  }
  const auto part = held_part(*claim, context.clock.now(), context.policy);
  if (const auto other = unlike_shown(decision, choice, *claim, part)) co_return *other;
  for (OperatorAction& command : commands_for(decision, choice, *part)) {
    const bool is_first = command.version.has_value();
    if (!is_first && !co_await is_still_held(context, choice, command, decision.cause)) continue;
    const auto done = co_await carry_out(context, choice.session_id, std::move(command));
    result.done |= done.has_value();
    if (done) continue;
    result.code = done.error().code;
    result.why = done.error().message;
    // Somebody else was faster, or Redis is away: the rest of this order is not what was shown.
    if (is_first || done.error().kind == RefusalKind::store_unavailable) break;
  }
  co_return result;
}

}  // namespace

bool is_for_many(CommandKind kind) {
  using enum CommandKind;
  return kind == retry || kind == resubmit || kind == refund;
}

std::optional<HeldPart> held_part(const Claim& claim, Time now, const Policy& policy) {
  // Without a version nothing can be decided, and a list must show also what is odd.
  if (!is_held(claim) || !is_stored(claim)) return std::nullopt;
  HeldPart part;
  const auto first = std::ranges::find(claim.units, UnitState::held, &Unit::state);
  if (first == claim.units.end()) {
    part.cause = claim.reason;
    part.amount_minor = totals_of(claim).held;
  } else {
    part.cause = first->reason.empty() ? claim.reason : first->reason;
    for (std::size_t i = 0; i < claim.units.size(); ++i) {
      const Unit& unit = claim.units[i];
      if (unit.state != UnitState::held || unit.reason != first->reason) continue;
      part.units.push_back(i);
      part.amount_minor += unit_price(claim, i);
    }
  }
  part.actions = possible_for(claim, part, now, policy);
  return part;
}

boost::asio::awaitable<std::vector<HeldResult>> decide_held(Context& context,
                                                            HeldDecision decision) {
  std::vector<HeldResult> results;
  bool away = false;
  for (const HeldChoice& choice : decision.orders) {
    if (away) {
      results.push_back(refused(choice.session_id, "not_tried", "the order store did not answer"));
      continue;
    }
    results.push_back(co_await decide_one(context, decision, choice));
    away = results.back().code == "store_unavailable";
  }
  // One line more for the whole, as a warning: it changes many orders at once.
  const auto done = std::ranges::count(results, true, &HeldResult::done);
  log_warn("operator_action", {{"action", "decide_held"},
                               {"command", name_of(decision.kind)},
                               {"orders", results.size()},
                               {"done", done},
                               {"by", decision.by}});
  co_return results;
}

}  // namespace claimcheck
