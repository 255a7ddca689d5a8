// A submit without a clear answer: the generator is searched for the unit's seed until a job is
// found or is known not to exist.
#include "base/assert.hpp"
#include "domain/generator_patience.hpp"
#include "domain/observe.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

void wait_for_submit(Unit& unit) {
  unit.state = UnitState::waiting;
  unit.retry_us = 0;
  unit.empty_lookups = 0;
}

// The last submit made no job. It is submitted again under the same seed, so that a job of the
// first submit would be found if it came late.
Decision submit_again(Transition& t, std::size_t index) {
  if (is_out_of_patience(t, index)) {
    return fail_after_patience(t, index, "the generator took no order");
  }
  begin_to_wait(t, index);
  wait_for_submit(t.unit(index));
  return t.change_unit(index, "the generator knows nothing of the submit");
}

// A video that was delivered before Redis lost the order is sought under each possible seed.
Decision seek_next_seed(Transition& t, std::size_t index) {
  if (t.unit(index).attempt >= t.policy.seeds_sought) {
    constexpr const char* why = "the generator does not know what was delivered";
    // The whole order was over before Redis lost it: nothing is owed, only the address of the video
    // is unknown. In other cases a person must check it.
    const bool over = std::ranges::count(t.after.units, Outcome::none, &Unit::registered) == 0;
    const bool lost = !has_frozen_inputs(t.after) && over;
    return lost ? t.deliver(index, why) : t.fail(index, why);
  }
  wait_for_submit(t.unit(index));
  t.unit(index).attempt += 1;
  return t.change_unit(index, "not found by this seed");
}

// It is unknown whether the submit was accepted, since the generator does not answer.
Decision look_again_later(Transition& t, std::size_t index) {
  // Before the settle time is over a look-up proves nothing. So the patience may not end a request
  // that may still be on its way.
  const bool settled = t.now > from_us(t.unit(index).intent_us) + t.policy.settle_time;
  if (settled && is_out_of_patience(t, index)) {
    return fail_after_patience(t, index, "nobody could tell whether it was submitted");
  }
  begin_to_wait(t, index);
  const Duration wait = backoff(t.unit(index), t.policy.unclear_wait, t.policy.unclear_max);
  return t.put_off(index, "the generator tells nothing of its submits", wait);
}

// The generator cannot be asked whether it has the job. A request is settled by then; whether it
// arrived stays unknown, so every further submit may be a second paid job.
Decision risk_a_double(Transition& t, const LookedUp& seen) {
  Unit& unit = t.unit(seen.unit);
  if (t.now < from_us(unit.intent_us) + t.policy.settle_time) return t.go_on();
  constexpr const char* why = "nobody can tell whether the generator has it";
  if (unit.registered == Outcome::deliver) {
    unit.attempt = t.policy.seeds_sought;  // no seed can be asked for
    return seek_next_seed(t, seen.unit);
  }
  if (!seen.again || unit.doubles >= t.policy.doubles_max) return t.hold(seen.unit, why);
  unit.doubles += 1;
  wait_for_submit(unit);
  return t.change_unit(seen.unit, std::string(why) + "; it is submitted once more");
}

}  // namespace

Decision observe(Transition& t, const LookedUp& seen) {
  Unit& unit = t.unit(seen.unit);
  ENSURE(unit.state == UnitState::submitting);
  switch (seen.result) {
    case LookUpResult::found:
      return t.accept(seen.unit, {.job = seen.job, .handle = seen.handle},
                      "found at the generator by its seed");
    case LookUpResult::taken: return t.hold(seen.unit, "another order's job carries this seed");
    case LookUpResult::unclear: return look_again_later(t, seen.unit);
    case LookUpResult::impossible: return risk_a_double(t, seen);
    case LookUpResult::none: break;
  }
  // Too early to mean anything: the request may still be on its way.
  if (t.now < from_us(unit.intent_us) + t.policy.settle_time) return t.go_on();
  if (unit.empty_lookups + 1 >= t.policy.lookups_needed) {
    const bool delivered = unit.registered == Outcome::deliver;
    return delivered ? seek_next_seed(t, seen.unit) : submit_again(t, seen.unit);
  }
  // One list may be outdated. A second submit costs money, a second look-up does not.
  unit.empty_lookups += 1;
  return t.change_unit(seen.unit, "not found at the generator");
}

}  // namespace claimcheck
