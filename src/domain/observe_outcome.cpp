// The end of a unit: the register has its outcome, or the refund breaker allows its refund.
#include "base/assert.hpp"
#include "domain/observe.hpp"

namespace claimcheck {

Decision observe(Transition& t, const Registered& seen) {
  Unit& unit = t.unit(seen.unit);
  ENSURE(unit.state == UnitState::ready || unit.state == UnitState::failed);
  if (seen.refused) {
    return t.hold(seen.unit, "Stripe refuses to register its outcome: " + seen.reason);
  }
  if (seen.outcome == Outcome::none) {
    const Duration wait = backoff(unit, t.policy.refused_min, t.policy.refused_max);
    return t.put_off(seen.unit, "its outcome could not be registered: " + seen.reason, wait);
  }
  // The outcome that is in the register, not the one we wrote: another process may have written the
  // other one first.
  unit.registered = seen.outcome;
  unit.retry_us = unit.put_offs = 0;
  if (seen.outcome == Outcome::refund) {
    unit.state = UnitState::refunding;
    return t.change_unit(seen.unit, "its refund is registered");
  }
  // A unit that a person refunded at the moment of its delivery may have its video; then it is
  // delivered.
  if (unit.state == UnitState::failed && !has_video(unit)) {
    return t.hold(seen.unit, "the register says delivered, but there is no video");
  }
  return t.deliver(seen.unit, "its delivery is registered");
}

Decision observe(Transition& t, const RefundAllowed& seen) {
  ENSURE(t.unit(seen.unit).state == UnitState::failed);
  if (!seen.allowed) return t.put_off(seen.unit, seen.reason, t.policy.refused_max);
  if (t.policy.register_mode == RegisterMode::off) return t.refund_unregistered(seen.unit);
  // Nothing has changed yet: the unit is `failed` until the register says that it is refunded.
  return t.stay({.kind = ActionKind::write_register, .unit = seen.unit});
}

}  // namespace claimcheck
