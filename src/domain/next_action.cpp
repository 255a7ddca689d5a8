// The next action: the part of a Transition that follows from the claim alone. First come steps
// that need no peer, then the unit whose step is due, then the wait for the first step that becomes
// due.
#include "domain/link_watch.hpp"
#include "domain/prompt_edit.hpp"
#include "domain/transition.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace claimcheck {

namespace {

// The order of steps that are due at the same time. A person's decision comes first, since a new
// reason to hold the order would stop it. Then: units to submit, uncertain submits, outcomes,
// running jobs, copies.
enum class Rank : std::uint8_t { decided, submit, look_up, outcome, poll, copy };

struct Next {
  ActionKind kind;
  Time due;
  Rank rank;
};

Time lookup_due(const Unit& unit, const Policy& policy) {
  const Time settled = from_us(unit.intent_us) + policy.settle_time;
  return std::max(settled + unit.empty_lookups * policy.lookup_gap, from_us(unit.retry_us));
}

// Polled often while the job is young; the longer it runs, the less one more second matters.
Time poll_due(const Transition& t, const Unit& unit, bool polled) {
  const Duration interval =
      std::clamp<Duration>(t.since(unit.accepted_us) / 4, t.policy.poll_min, t.policy.poll_max);
  if (polled) return t.now + interval;
  if (unit.called_us != 0) return t.now;
  return std::min(from_us(unit.accepted_us) + t.policy.poll_min, t.now + t.policy.poll_max);
}

// The next step of one unit, and when it is due; nothing when the unit has ended. A unit that waits
// for a clear answer, or was refused, waits until its `retry_us`.
std::optional<Next> next_of(const Transition& t, const Unit& unit, bool polled) {
  const bool decided = was_decided_by_operator(unit);
  const Rank outcome = decided ? Rank::decided : Rank::outcome;
  const Time retry = from_us(unit.retry_us);
  switch (unit.state) {
    case UnitState::waiting: {
      // Nothing is bought on an old answer: the payment may have been disputed or refunded
      // meanwhile, or its register may have a delivery that Redis has lost.
      const bool fresh = t.policy.payment_read_now && t.payment_is_fresh();
      return Next{fresh ? ActionKind::prepare : ActionKind::read_payment, retry, Rank::submit};
    }
    case UnitState::submitting:
      return Next{ActionKind::look_up, lookup_due(unit, t.policy), Rank::look_up};
    case UnitState::running:
      return Next{ActionKind::poll, std::max(poll_due(t, unit, polled), retry), Rank::poll};
    case UnitState::copying: return Next{ActionKind::copy, retry, Rank::copy};
    case UnitState::editable: return Next{ActionKind::park, edit_look_due(t), Rank::outcome};
    case UnitState::ready: return Next{ActionKind::write_register, retry, outcome};
    case UnitState::failed:
      // The refund breaker stops refunds that no person has decided; here a person has.
      return Next{decided ? ActionKind::write_register : ActionKind::allow_refund, retry, outcome};
    case UnitState::refunding: return Next{ActionKind::list_refunds, retry, outcome};
    case UnitState::delivered:
    case UnitState::refunded:
    case UnitState::held: break;
  }
  return std::nullopt;
}

std::vector<std::size_t> also_to_poll(const Transition& t, std::size_t first_to_poll,
                                      std::size_t but) {
  std::vector<std::size_t> also;
  for (std::size_t i = 0; i < t.after.units.size(); ++i) {
    const auto next = i == but ? std::nullopt : next_of(t, t.after.units[i], i < first_to_poll);
    if (next && next->kind == ActionKind::poll && next->due <= t.now) also.push_back(i);
  }
  return also;
}

// The step of the due unit with the highest rank. While none is due, the order waits for the first.
std::optional<Action> next_action(const Transition& t, std::size_t first_to_poll) {
  std::optional<Next> first;
  std::size_t unit = 0;
  for (std::size_t i = 0; i < t.after.units.size(); ++i) {
    auto next = next_of(t, t.after.units[i], i < first_to_poll);
    if (!next) continue;
    // Overdue steps count as due now, so that the rank decides, not the longest wait.
    next->due = std::max(next->due, t.now);
    if (first && std::pair(first->due, first->rank) <= std::pair(next->due, next->rank)) continue;
    first = next;
    unit = i;
  }
  if (!first) return std::nullopt;
  if (first->due > t.now) return Action{.kind = ActionKind::park, .delay = first->due - t.now};
  // After a command the payment is read before anything else: the register outranks the command.
  if (!payment_was_read(t.after)) return Action{.kind = ActionKind::read_payment, .unit = unit};
  Action action{.kind = first->kind, .unit = unit};
  if (action.kind == ActionKind::poll) action.also = also_to_poll(t, first_to_poll, unit);
  return action;
}

}  // namespace

std::optional<Decision> Transition::step_by_itself() {
  for (std::size_t i = 0; i < after.units.size(); ++i) {
    const Unit& each = after.units[i];
    const bool failed = each.state == UnitState::failed;
    // It failed while refunds were automatic, and they no longer are. Nothing is registered yet, so
    // a person can still decide.
    if (failed && !policy.refunds_automatic && !refund_was_decided(each)) {
      return hold(i, std::string(each.reason));
    }
    // The rest needs a fresh payment: its register may have the other outcome.
    if (!payment_was_read(after)) continue;
    const bool made = each.state == UnitState::ready;
    if (made && (needs_no_register() || each.registered == Outcome::deliver)) {
      return deliver(i, "nothing stands against its delivery");
    }
    if (refund_was_decided(each) && policy.register_mode == RegisterMode::off) {
      return refund_unregistered(i);
    }
  }
  return std::nullopt;
}

Decision Transition::go_on(std::size_t first_to_poll) {
  if (is_closed(after.state)) {
    const auto link = link_to_look_at(after, now, policy);
    return stay(link ? Action{.kind = ActionKind::look_at_link, .unit = *link}
                     : Action{.kind = ActionKind::finish});
  }
  if (after.state == OrderState::open) return stay({.kind = ActionKind::read_payment});
  if (auto step = step_by_itself()) return std::move(*step);
  const auto next = next_action(*this, first_to_poll);
  return next ? stay(*next) : close_ended_order();
}

}  // namespace claimcheck
