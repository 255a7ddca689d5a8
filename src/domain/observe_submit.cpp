// The first part of a unit's life: its inputs are read and frozen, an intent is stored, the request
// is sent, and the answer says whether the generator has a job.
#include "base/assert.hpp"
#include "domain/generator_patience.hpp"
#include "domain/observe.hpp"
#include "domain/order_machine.hpp"
#include "domain/prompt_edit.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

bool differs_from_frozen(const Claim& claim, const Prepared& seen) {
  return has_frozen_inputs(claim) && claim.prompt_sha256 != seen.prompt_sha256;
}

// The first intent fixes the inputs of every later submit, so two jobs of one order never differ.
void freeze_inputs(Claim& claim, const Prepared& seen) {
  if (has_frozen_inputs(claim)) return;
  claim.width = seen.width;
  claim.height = seen.height;
  claim.duration_s = seen.duration_s;
  claim.prompt_sha256 = seen.prompt_sha256;
}

// Nobody knows whether an earlier submit was accepted, so the unit stays with that generator.
bool may_leave(const Unit& unit) { return unit.doubles == 0; }

// The generator started nothing: the unit waits, and is submitted later.
Decision wait_after_refusal(Transition& t, const Submitted& seen) {
  // Empty: nobody was asked, and the unit stays where it is.
  if (!seen.generator.empty()) t.unit(seen.unit).generator = seen.generator;
  const Duration away = std::max(
      generator_is_away(t.unit(seen.unit)) ? t.since(t.unit(seen.unit).away_us) : Duration(0),
      seen.away_for);
  const bool long_away = t.has_passed(away, t.policy.fallback_after);
  if (!seen.next.empty() && long_away && may_leave(t.unit(seen.unit))) {
    t.unit(seen.unit).generator = seen.generator;
    return move_on(t, seen.unit, seen.next, "the generator takes no orders");
  }
  if (is_out_of_patience(t, seen.unit)) {
    return fail_after_patience(t, seen.unit, "the generator took no order");
  }
  begin_to_wait(t, seen.unit);
  Unit& unit = t.unit(seen.unit);
  const bool away_before = generator_is_away(t.before.units[seen.unit]);
  if (seen.result == SubmitResult::paused && away_before) {
    // Kept for this pass only, and not stored: nothing changed. The view shows the outage since the
    // first time.
    unit.retry_us = to_us(t.now + seen.retry_after);
    return t.go_on();
  }
  unit.state = UnitState::waiting;
  if (seen.result == SubmitResult::conflicted) {
    // Another seed may be accepted at once; the wait grows with the number of tried seeds.
    unit.attempt += 1;
    const Duration wait = backoff(unit, t.policy.refused_min, t.policy.unclear_max);
    return t.put_off(seen.unit, seen.reason, wait);
  }
  const Duration asked = std::max(seen.retry_after, t.policy.refused_min);
  return t.put_off(seen.unit, seen.reason, std::min(asked, t.policy.refused_max));
}

// The generator makes as many as it may. That is no outage: no other one is asked. The unit is due
// again when its turn has come; how long it waits until then is not stored, since each pass asks.
Decision wait_in_line(Transition& t, const Submitted& seen) {
  Unit& unit = t.unit(seen.unit);
  if (!seen.generator.empty()) unit.generator = seen.generator;
  if (is_out_of_patience(t, seen.unit)) {
    return fail_after_patience(t, seen.unit, "its turn at the generator did not come");
  }
  const bool known = is_queued(unit) && !generator_is_away(unit);
  if (!is_queued(unit)) unit.queued_us = to_us(t.now);
  unit.away_us = 0;
  unit.retry_us = to_us(t.now + seen.retry_after);
  promise_refund(t, seen.unit);
  if (known) return t.go_on();
  unit.reason = "others are first at the generator";
  return t.change_unit(seen.unit, unit.reason);
}

}  // namespace

Decision observe(Transition& t, const Prepared& seen) {
  ENSURE(seen.unit < t.after.units.size());
  if (differs_from_frozen(t.after, seen)) {
    return t.hold(seen.unit, "the prompt was changed after the first submit");
  }
  freeze_inputs(t.after, seen);
  Unit& unit = t.unit(seen.unit);
  unit.state = UnitState::submitting;
  if (!seen.generator.empty()) unit.generator = seen.generator;
  unit.model = seen.model;
  unit.attempt = std::max<std::int64_t>(unit.attempt, 1);
  // Under the same seed the generator would return what it has made from the earlier prompt.
  const bool other_prompt = was_intended(unit) && unit.prompt_edit != t.after.prompt_edits;
  if (other_prompt && unit.registered != Outcome::deliver) unit.attempt += 1;
  unit.prompt_edit = t.after.prompt_edits;
  unit.seed = submit_seed(seen.session_id, seen.unit, unit.attempt);
  unit.intent_us = to_us(t.now);
  unit.empty_lookups = 0;
  // It was delivered before Redis lost it: its video can be found, but must not be made again.
  const bool delivered = unit.registered == Outcome::deliver;
  ENSURE(delivered || !seen.prompt_sha256.empty());
  // No request is sent, so no settle time is needed: the look-up is due at once.
  if (delivered) unit.intent_us = to_us(t.now - t.policy.settle_time);
  Decision decision = t.change_unit(seen.unit, delivered ? "find what was delivered" : "submit");
  // The action is set here: the next step by itself would be a look-up after the settle time, but
  // the intent was stored for this one request. It is guarded: nothing is sent if the order's data
  // has changed since it was read.
  decision.action = {.kind = delivered ? ActionKind::look_up : ActionKind::submit,
                     .unit = seen.unit};
  decision.guarded = true;
  return decision;
}

Decision observe(Transition& t, const Recovered& seen) {
  ENSURE(t.unit(seen.unit).state == UnitState::waiting);
  t.unit(seen.unit).seed = 0;  // the job comes from another program's submit
  t.unit(seen.unit).generator = seen.generator;
  return t.accept(seen.unit, {.job = seen.job, .handle = seen.handle},
                  "its video was under way already");
}

Decision observe(Transition& t, const Unpreparable& seen) {
  // A wrong setting concerns every unit of the order, and time does not repair it.
  if (!seen.lost) return t.hold_order(seen.reason);
  const Duration age = t.now - t.under_way_since(seen.unit);
  const Duration grace = t.policy.data_grace;
  if (t.has_passed(age, grace)) return t.fail(seen.unit, seen.reason);
  // The data may come back with a replica or a restore. The next try comes just after the grace is
  // over. When the grace is over already, the clocks disagree, and the order waits for them.
  const Duration over{1};
  return t.put_off(seen.unit, seen.reason, age > grace ? t.policy.unclear_max : grace - age + over);
}

Decision observe(Transition& t, const Submitted& seen) {
  const bool sent = seen.result != SubmitResult::paused && seen.result != SubmitResult::queued;
  ENSURE(t.unit(seen.unit).state == (!sent ? UnitState::waiting : UnitState::submitting));
  switch (seen.result) {
    case SubmitResult::accepted:
      return t.accept(seen.unit, {.job = seen.job, .handle = seen.handle},
                      "the generator has accepted it");
    case SubmitResult::taken:
      return t.hold(seen.unit, "the generator answered with another order's job");
    case SubmitResult::rejected:
      // Refused content is the same everywhere: nobody else is asked to make it.
      if (seen.failure != Failure::content && !seen.next.empty() && may_leave(t.unit(seen.unit))) {
        return move_on(t, seen.unit, seen.next, seen.reason);
      }
      if (seen.failure == Failure::content) return refuse_content(t, seen.unit, seen.reason);
      return t.fail(seen.unit, seen.reason, seen.failure);
    case SubmitResult::queued: return wait_in_line(t, seen);
    case SubmitResult::conflicted:
    case SubmitResult::paused:
    case SubmitResult::refused: return wait_after_refusal(t, seen);
    case SubmitResult::unclear: break;
  }
  // The request may have arrived. Often only the answer was lost, and the job can be found at once.
  return t.stay({.kind = ActionKind::look_up, .unit = seen.unit});
}

}  // namespace claimcheck
