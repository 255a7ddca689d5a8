// What is next: the half of a Transition that follows from the claim alone. First what nobody has
// to be asked for, then the unit whose step is due, then the wait for the first that will be.
#include "domain/transition.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace claimcheck {

namespace {

// Of what is due at the same time. How a person has decided comes first, since whatever holds the
// order again would stop it; then what can be submitted, what is uncertain, what ended, what runs.
enum class Rank : std::uint8_t { decided, submit, look_up, outcome, poll };

struct Next {
  ActionKind kind;
  Time due;
  Rank rank;
};

Time lookup_due(const Unit& unit, const Policy& policy) {
  const Time settled = from_us(unit.intent_us) + policy.settle_time;
  return std::max(settled + unit.empty_lookups * policy.lookup_gap, from_us(unit.retry_us));
}

// Asked for often while it is young; the longer it has run, the less a second more matters.
Time poll_due(const Transition& t, const Unit& unit, bool polled) {
  const Duration interval =
      std::clamp<Duration>(t.since(unit.accepted_us) / 4, t.policy.poll_min, t.policy.poll_max);
  if (polled) return t.now + interval;
  return std::min(from_us(unit.accepted_us) + t.policy.poll_min, t.now + t.policy.poll_max);
}

// What one unit wants next, and when; nothing when it has ended. A unit that waits for a clear
// answer, or was refused, does so until its `retry_us`.
std::optional<Next> next_of(const Transition& t, const Unit& unit, bool polled) {
  const bool decided = was_decided_by_operator(unit);
  const Rank outcome = decided ? Rank::decided : Rank::outcome;
  const Time retry = from_us(unit.retry_us);
  switch (unit.state) {
    case UnitState::waiting: {
      // Nothing is bought on an old word: the payment may be disputed or sent back meanwhile.
      const bool fresh = t.payment_is_fresh();
      return Next{fresh ? ActionKind::prepare : ActionKind::read_payment, retry, Rank::submit};
    }
    case UnitState::submitting:
      return Next{ActionKind::look_up, lookup_due(unit, t.policy), Rank::look_up};
    case UnitState::running: return Next{ActionKind::poll, poll_due(t, unit, polled), Rank::poll};
    case UnitState::ready: return Next{ActionKind::write_register, retry, outcome};
    case UnitState::failed:
      // The breaker guards against refunds that nobody has looked at; a person has, here.
      return Next{decided ? ActionKind::write_register : ActionKind::allow_refund, retry, outcome};
    case UnitState::refunding: return Next{ActionKind::list_refunds, retry, outcome};
    case UnitState::delivered:
    case UnitState::refunded:
    case UnitState::held: break;
  }
  return std::nullopt;
}

// The due unit of the highest rank takes its step; while none is due the order waits for the first.
std::optional<Action> next_action(const Transition& t, std::size_t first_to_poll) {
  std::optional<Next> first;
  std::size_t unit = 0;
  for (std::size_t i = 0; i < t.after.units.size(); ++i) {
    auto next = next_of(t, t.after.units[i], i < first_to_poll);
    if (!next) continue;
    // All that is overdue is due now, so that rank decides and not who waited longest.
    next->due = std::max(next->due, t.now);
    if (first && std::pair(first->due, first->rank) <= std::pair(next->due, next->rank)) continue;
    first = next;
    unit = i;
  }
  if (!first) return std::nullopt;
  if (first->due > t.now) return Action{.kind = ActionKind::park, .delay = first->due - t.now};
  // After a person's word Stripe's is read before anything else: the register outranks both.
  const bool read = !payment_was_read(t.after);
  return Action{.kind = read ? ActionKind::read_payment : first->kind, .unit = unit};
}

}  // namespace

std::optional<Decision> Transition::step_by_itself() {
  for (std::size_t i = 0; i < after.units.size(); ++i) {
    const Unit& each = after.units[i];
    const bool failed = each.state == UnitState::failed;
    // Failed while refunds were automatic, and they are not any more: nothing is registered yet, so
    // a person can still decide.
    if (failed && !policy.refunds_automatic && !refund_was_decided(each)) {
      return hold(i, std::string(each.reason));
    }
    // The rest needs the payment to be known: its register may have the other outcome.
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
  if (is_closed(after.state)) return stay({.kind = ActionKind::finish});
  if (after.state == OrderState::open) return stay({.kind = ActionKind::read_payment});
  if (auto step = step_by_itself()) return std::move(*step);
  const auto next = next_action(*this, first_to_poll);
  return next ? stay(*next) : close_ended_order();
}

}  // namespace claimcheck
