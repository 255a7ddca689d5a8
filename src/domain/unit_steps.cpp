#include "base/assert.hpp"
#include "domain/transition_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

Decision accept(const Claim& claim, std::size_t index, const std::string& job, std::string why,
                Time now, const Policy& policy) {
  Claim changed = claim;
  Unit& unit = changed.units[index];
  unit.state = UnitState::running;
  unit.job = job;
  unit.accepted_us = to_us(now);
  unit.retry_us = unit.refusals = 0;
  unit.reason.clear();
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

// Another submit, with another seed, if it may still cost a generation; else a person decides.
Decision try_again(const Claim& claim, std::size_t index, std::string why, Time now,
                   const Policy& policy) {
  if (claim.units[index].attempt >= policy.attempts_max) {
    return fail_unit(claim, index, why + ", and no further attempt is allowed", now, policy);
  }
  Claim changed = claim;
  Unit& unit = changed.units[index];
  unit.state = UnitState::waiting;
  unit.attempt += 1;
  unit.retry_us = 0;
  unit.lookups = 0;
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

Decision refuse(const Claim& claim, const Submitted& seen, Time now, const Policy& policy) {
  if (now - under_way_since(claim, seen.unit) > policy.give_up) {
    return fail_unit(claim, seen.unit, "the generator took no order for a day: " + seen.reason, now,
                     policy);
  }
  Claim changed = claim;
  Unit& unit = changed.units[seen.unit];
  if (seen.result == SubmitResult::paused) {
    unit.retry_us = to_us(now + seen.retry_after);  // kept for this pass only: nothing has happened
    return go_on(changed, now, policy);
  }
  unit.state = UnitState::waiting;
  const Duration wait = std::clamp(seen.retry_after, policy.refused_min, policy.refused_max);
  return put_off(claim, std::move(changed), seen.unit, seen.reason, wait, now, policy);
}

bool frozen_inputs_differ(const Claim& claim, const Prepared& seen) {
  return !claim.prompt_sha256.empty() && claim.prompt_sha256 != seen.prompt_sha256;
}

Claim with_frozen_inputs(Claim claim, const Prepared& seen) {
  if (!claim.prompt_sha256.empty()) return claim;  // the first intent decided
  claim.model = seen.model;
  claim.width = seen.width;
  claim.height = seen.height;
  claim.duration_s = seen.duration_s;
  claim.prompt_sha256 = seen.prompt_sha256;
  return claim;
}

// Without money in it, or without a register, nothing stands between made and delivered.
Unit made(Unit unit, const Polled& seen, std::int64_t amount_minor, const Policy& policy) {
  unit.url = seen.url;
  unit.thumbnail_url = seen.thumbnail_url;
  // What a person has touched may have been registered by somebody whom that overtook.
  unit.shown = policy.register_mode == RegisterMode::eager && unit.by_hand_us == 0;
  const bool plain = policy.register_mode == RegisterMode::off || amount_minor == 0;
  const bool delivered = plain || unit.registered == Outcome::deliver;
  unit.state = delivered ? UnitState::delivered : UnitState::ready;
  return unit;
}

}  // namespace

Decision observe(const Claim& claim, const Prepared& seen, Time now, const Policy& policy) {
  ENSURE(seen.unit < claim.units.size());
  if (frozen_inputs_differ(claim, seen)) {
    return hold_unit(claim, seen.unit, "the prompt was changed after the first submit", now,
                     policy);
  }
  Claim changed = with_frozen_inputs(claim, seen);
  Unit& unit = changed.units[seen.unit];
  unit.state = UnitState::submitting;
  unit.attempt = std::max<std::int64_t>(unit.attempt, 1);
  unit.seed = submit_seed(seen.session_id, seen.unit, unit.attempt);
  unit.intent_us = to_us(now);
  unit.lookups = 0;
  // Delivered once already, before Redis lost it: its video can be found, but never made again.
  const bool delivered = unit.registered == Outcome::deliver;
  if (delivered) unit.intent_us = to_us(now - policy.settle_time);
  const char* why = delivered ? "find what was delivered" : "submit";
  const ActionKind next = delivered ? ActionKind::look_up : ActionKind::submit;
  Decision decision = change_unit(claim, std::move(changed), seen.unit, why, now, policy);
  decision.guarded = true;
  decision.action = {.kind = next, .unit = seen.unit};
  return decision;
}

Decision observe(const Claim& claim, const Adopted& seen, Time now, const Policy& policy) {
  ENSURE(claim.units[seen.unit].state == UnitState::waiting);
  return accept(claim, seen.unit, seen.job, "its video was under way already", now, policy);
}

Decision observe(const Claim& claim, const Unpreparable& seen, Time now, const Policy& policy) {
  if (!seen.lost) return hold_order(claim, seen.reason, now, policy);
  const Time deadline = under_way_since(claim, seen.unit) + policy.data_grace;
  if (now >= deadline) return fail_unit(claim, seen.unit, seen.reason, now, policy);
  return put_off(claim, claim, seen.unit, seen.reason, deadline - now, now, policy);
}

Decision observe(const Claim& claim, const Submitted& seen, Time now, const Policy& policy) {
  const bool paused = seen.result == SubmitResult::paused;
  ENSURE(claim.units[seen.unit].state == (paused ? UnitState::waiting : UnitState::submitting));
  switch (seen.result) {
    case SubmitResult::accepted:
      return accept(claim, seen.unit, seen.job, "the generator has accepted it", now, policy);
    case SubmitResult::taken:
      return hold_unit(claim, seen.unit, "the generator answered with another order's job", now,
                       policy);
    case SubmitResult::rejected: return fail_unit(claim, seen.unit, seen.reason, now, policy);
    case SubmitResult::conflicted: return try_again(claim, seen.unit, seen.reason, now, policy);
    case SubmitResult::paused:
    case SubmitResult::refused: return refuse(claim, seen, now, policy);
    case SubmitResult::unclear: break;
  }
  return stay(claim, {.kind = ActionKind::look_up, .unit = seen.unit});
}

Decision observe(const Claim& claim, const LookedUp& seen, Time now, const Policy& policy) {
  ENSURE(claim.units[seen.unit].state == UnitState::submitting);
  switch (seen.result) {
    case LookUpResult::found:
      return accept(claim, seen.unit, seen.job, "found at the generator by its seed", now, policy);
    case LookUpResult::taken:
      return hold_unit(claim, seen.unit, "another order's job carries this seed", now, policy);
    case LookUpResult::unclear:
      if (now - from_us(claim.units[seen.unit].intent_us) <= policy.give_up) {
        return park(claim, policy.unclear_wait);
      }
      return fail_unit(claim, seen.unit, "for a day nobody could tell whether it was submitted",
                       now, policy);
    case LookUpResult::none: break;
  }
  const Unit& unit = claim.units[seen.unit];
  // Too early to mean anything: the request may still be on its way.
  if (now < from_us(unit.intent_us) + policy.settle_time) return go_on(claim, now, policy);
  if (unit.lookups + 1 >= policy.lookups_needed) {
    return try_again(claim, seen.unit, "the generator knows nothing of the submit", now, policy);
  }
  Claim changed = claim;
  changed.units[seen.unit].lookups += 1;
  return change_unit(claim, std::move(changed), seen.unit, "not found at the generator", now,
                     policy);
}

Decision observe(const Claim& claim, const Polled& seen, Time now, const Policy& policy) {
  const Unit& unit = claim.units[seen.unit];
  ENSURE(unit.state == UnitState::running);
  const Duration age = now - from_us(unit.accepted_us);
  switch (seen.result) {
    case PollResult::ready: {
      Claim changed = claim;
      changed.units[seen.unit] = made(changed.units[seen.unit], seen, claim.amount_minor, policy);
      return change_unit(claim, std::move(changed), seen.unit, "the video is there", now, policy);
    }
    case PollResult::failed:
      return fail_unit(claim, seen.unit, "the generator reported an error", now, policy);
    case PollResult::missing:
      if (age <= policy.missing_grace) break;
      return fail_unit(claim, seen.unit, "the generator has lost the job", now, policy);
    case PollResult::running:
      if (age <= policy.generation_deadline) break;
      return fail_unit(claim, seen.unit, "not finished within the deadline", now, policy);
    case PollResult::unclear:
      if (age <= policy.give_up) break;
      return fail_unit(claim, seen.unit, "the generator gave no answer for a day", now, policy);
  }
  return go_on(claim, now, policy, seen.unit + 1);
}

}  // namespace claimcheck
