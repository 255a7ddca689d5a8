// The moves that every step of the order machine shares: a unit or an order changes, is put off,
// fails, is held for a person, closes.
#include "domain/names.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// What follows from a move by itself is decided with it, and comes after it.
void put_first(Decision& decision, Move move) {
  decision.moves.insert(decision.moves.begin(), std::move(move));
  decision.commit = true;
}

}  // namespace

Decision change_unit(const Claim& before, Claim changed, std::size_t index, std::string why,
                     Time now, const Policy& policy) {
  const auto words = [index](const Claim& claim) {
    return fmt::format("video {} {}", video_number(index), name_of(claim.units[index].state));
  };
  Decision decision = go_on(changed, now, policy);
  put_first(decision, {.from = words(before), .to = words(changed), .why = std::move(why)});
  return decision;
}

Decision change_order(const Claim& before, Claim changed, std::string why, Time now,
                      const Policy& policy) {
  const Move move{.from = std::string(name_of(before.state)),
                  .to = std::string(name_of(changed.state)),
                  .why = std::move(why)};
  Decision decision = go_on(changed, now, policy);
  put_first(decision, move);
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
  changed.units[index].delivered_us = to_us(now);
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
  unit.away_us = unit.away_for_us = 0;
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
  const std::int64_t share = share_of(claim, index);
  changed.units[index] = failed(changed.units[index], share, why, policy);
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

Duration backoff(const Unit& unit, Duration shortest, Duration longest) {
  const std::int64_t doublings = std::min<std::int64_t>(unit.refusals, 16);
  return std::min(shortest * (std::int64_t{1} << doublings), longest);
}

Decision put_off(const Claim& before, Claim changed, std::size_t index, std::string why,
                 Duration delay, Time now, const Policy& policy) {
  const Unit& old = before.units[index];
  Unit& unit = changed.units[index];
  const bool repeated = old.refusals > 0 && old.state == unit.state && old.reason == why;
  unit.reason = why;
  unit.retry_us = to_us(now + delay);
  unit.refusals += 1;
  if (!repeated) {
    return change_unit(before, std::move(changed), index, std::move(why), now, policy);
  }
  // Told once, then only counted: a day of waiting would leave no other line of the order.
  Decision decision = go_on(changed, now, policy);
  decision.commit = true;
  return decision;
}

Decision close_when_ended(const Claim& claim, Time now, const Policy& policy) {
  const auto held = std::ranges::count(claim.units, UnitState::held, &Unit::state);
  // What a person has sent back while it was waited for is not known yet.
  const bool fresh = now - from_us(claim.looked_us) <= policy.payment_fresh;
  const bool look = !fresh && claim.amount_minor > 0;
  Decision decision =
      stay(claim, {.kind = look ? ActionKind::look_at_payment : ActionKind::finish});
  decision.claim.state = held == 0 ? OrderState::done : OrderState::held;
  if (held > 0) {
    decision.claim.reason =
        fmt::format("{} of {} videos wait for a person", held, claim.units.size());
  }
  put_first(decision,
            {.from = std::string(name_of(claim.state)),
             .to = std::string(name_of(decision.claim.state)),
             .why = held == 0 ? "every video is delivered or refunded" : decision.claim.reason});
  return decision;
}

}  // namespace claimcheck
