// The moves that every step of the order machine shares: a unit or an order changes, is put off,
// fails, is held for a person, closes.
#include "domain/names.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

Decision change_unit(const Claim& before, Claim changed, std::size_t index, std::string why,
                     Time now, const Policy& policy) {
  const auto words = [index](const Claim& claim) {
    return fmt::format("unit {} {}", index, name_of(claim.units[index].state));
  };
  Decision decision = go_on(changed, now, policy);
  decision.from = words(before);
  decision.to = decision.claim.state == changed.state
                    ? words(changed)
                    : fmt::format("{}, order {}", words(changed), name_of(decision.claim.state));
  decision.why = std::move(why);
  decision.commit = true;
  return decision;
}

Decision change_order(const Claim& before, Claim changed, std::string why, Time now,
                      const Policy& policy) {
  Decision decision = go_on(changed, now, policy);
  decision.from = name_of(before.state);
  decision.to = name_of(changed.state);
  decision.why = std::move(why);
  decision.commit = true;
  return decision;
}

Decision hold_order(const Claim& claim, std::string why, Time now, const Policy& policy) {
  Claim changed = claim;
  changed.state = OrderState::held;
  changed.reason = why;
  return change_order(claim, std::move(changed), std::move(why), now, policy);
}

Decision hold_unit(const Claim& claim, std::size_t index, std::string why, Time now,
                   const Policy& policy) {
  Claim changed = claim;
  changed.units[index].state = UnitState::held;
  changed.units[index].reason = why;
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

Decision deliver_unit(const Claim& claim, std::size_t index, std::string why, Time now,
                      const Policy& policy) {
  Claim changed = claim;
  changed.units[index].state = UnitState::delivered;
  changed.units[index].reason.clear();
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

Decision refund_unregistered(const Claim& claim, std::size_t index, Time now,
                             const Policy& policy) {
  Claim changed = claim;
  Unit& unit = changed.units[index];
  unit.state = UnitState::refunding;
  unit.registered = Outcome::refund;
  unit.retry_us = unit.refusals = 0;
  return change_unit(claim, std::move(changed), index, "refund", now, policy);
}

Time under_way_since(const Claim& claim, std::size_t unit) {
  return from_us(std::max(claim.paid_us, claim.units[unit].by_hand_us));
}

Unit failed(Unit unit, std::int64_t share_minor, std::string why, const Policy& policy) {
  unit.reason = std::move(why);
  unit.retry_us = unit.refusals = unit.by_hand_us = 0;
  unit.state = UnitState::failed;
  if (share_minor == 0) unit.state = UnitState::refunded;  // nothing was paid for it
  if (!policy.refunds_automatic) unit.state = UnitState::held;
  if (share_minor > policy.refund_alone_max_minor) {
    unit.reason += "; its price is more than may be refunded without a person";
    unit.state = UnitState::held;
  }
  if (unit.registered == Outcome::deliver) {
    unit.reason += "; the register says it was delivered before";
    unit.state = UnitState::held;
  }
  return unit;
}

Decision fail_unit(const Claim& claim, std::size_t index, std::string why, Time now,
                   const Policy& policy) {
  Claim changed = claim;
  const std::int64_t share = share_of(claim.amount_minor, claim.units.size(), index);
  changed.units[index] = failed(changed.units[index], share, why, policy);
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

Duration backoff(const Unit& unit, Duration shortest, Duration longest) {
  const std::int64_t doublings = std::min<std::int64_t>(unit.refusals, 16);
  return std::min(shortest * (std::int64_t{1} << doublings), longest);
}

Decision put_off(const Claim& before, Claim changed, std::size_t index, std::string why,
                 Duration delay, Time now, const Policy& policy) {
  Unit& unit = changed.units[index];
  unit.reason = why;
  unit.retry_us = to_us(now + delay);
  unit.refusals += 1;
  return change_unit(before, std::move(changed), index, std::move(why), now, policy);
}

Decision close_when_ended(const Claim& claim, Time, const Policy&) {
  const auto held = std::ranges::count(claim.units, UnitState::held, &Unit::state);
  Decision decision = stay(claim, {.kind = ActionKind::finish});
  decision.claim.state = held == 0 ? OrderState::done : OrderState::held;
  if (held > 0) {
    decision.claim.reason =
        fmt::format("{} of {} videos wait for a person", held, claim.units.size());
  }
  decision.from = name_of(claim.state);
  decision.to = name_of(decision.claim.state);
  decision.why = held == 0 ? "every video is delivered or refunded" : decision.claim.reason;
  decision.commit = true;
  return decision;
}

}  // namespace claimcheck
