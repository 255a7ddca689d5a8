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
  unit.generations += 1;
  unit.retry_us = unit.refusals = unit.away_us = unit.away_for_us = 0;
  unit.reason.clear();
  return change_unit(claim, std::move(changed), index, std::move(why), now, policy);
}

bool out_of_patience(const Claim& claim, std::size_t unit, Time now, const Policy& policy) {
  return has_passed(now - under_way_since(claim, unit), policy.generator_patience, policy);
}

Decision fail_after_patience(const Claim& claim, std::size_t index, std::string_view why, Time now,
                             const Policy& policy) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(policy.generator_patience);
  return fail_unit(claim, index, fmt::format("{} within {} min", why, minutes.count()), now,
                   policy);
}

// The generator is away: the buyer is told until when his order waits for it.
void begin_to_wait(Claim& claim, std::size_t index, Time now, const Policy& policy) {
  Unit& unit = claim.units[index];
  if (unit.away_us == 0) unit.away_us = to_us(now);
  claim.refund_after_us = to_us(under_way_since(claim, index) + policy.generator_patience);
}

// Nothing was made of its last submit: another one, under the same seed, by which the first one
// would be found if it came late.
Decision submit_again(const Claim& claim, std::size_t index, Time now, const Policy& policy) {
  if (out_of_patience(claim, index, now, policy)) {
    return fail_after_patience(claim, index, "the generator took no order", now, policy);
  }
  Claim changed = claim;
  begin_to_wait(changed, index, now, policy);
  Unit& unit = changed.units[index];
  unit.state = UnitState::waiting;
  unit.retry_us = 0;
  unit.lookups = 0;
  return change_unit(claim, std::move(changed), index, "the generator knows nothing of the submit",
                     now, policy);
}

// What was delivered before Redis lost it is sought under each seed that it may have had.
Decision seek_next_seed(const Claim& claim, std::size_t index, Time now, const Policy& policy) {
  if (claim.units[index].attempt >= policy.seeds_sought) {
    constexpr const char* why = "the generator does not know what was delivered";
    // All of it was over and was lost since: only where the video is nobody knows. Else a person
    // must look.
    const bool over = std::ranges::count(claim.units, Outcome::none, &Unit::registered) == 0;
    const bool lost = claim.prompt_sha256.empty() && over;
    return lost ? deliver_unit(claim, index, why, now, policy)
                : fail_unit(claim, index, why, now, policy);
  }
  Claim changed = claim;
  Unit& unit = changed.units[index];
  unit.state = UnitState::waiting;
  unit.attempt += 1;
  unit.retry_us = 0;
  unit.lookups = 0;
  return change_unit(claim, std::move(changed), index, "not found by this seed", now, policy);
}

Decision refuse(const Claim& claim, const Submitted& seen, Time now, const Policy& policy) {
  const Unit& before = claim.units[seen.unit];
  if (out_of_patience(claim, seen.unit, now, policy)) {
    return fail_after_patience(claim, seen.unit, "the generator took no order", now, policy);
  }
  Claim changed = claim;
  begin_to_wait(changed, seen.unit, now, policy);
  Unit& unit = changed.units[seen.unit];
  if (seen.result == SubmitResult::paused && before.away_us != 0) {
    unit.retry_us = to_us(now + seen.retry_after);  // kept for this pass only: nothing has happened
    return go_on(changed, now, policy);
  }
  unit.state = UnitState::waiting;
  if (seen.result == SubmitResult::conflicted) unit.attempt += 1;
  const Duration shortest = std::max(seen.retry_after, policy.refused_min);
  const Duration wait = seen.result == SubmitResult::conflicted
                            ? backoff(before, policy.refused_min, policy.unclear_max)
                            : std::min(shortest, policy.refused_max);
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

// Nobody can tell whether the submit was taken, since the generator does not answer.
Decision look_again(const Claim& claim, std::size_t index, Time now, const Policy& policy) {
  const Unit& before = claim.units[index];
  const bool settled = now > from_us(before.intent_us) + policy.settle_time;
  if (settled && out_of_patience(claim, index, now, policy)) {
    return fail_after_patience(claim, index, "nobody could tell whether it was submitted", now,
                               policy);
  }
  Claim changed = claim;
  begin_to_wait(changed, index, now, policy);
  const Duration wait = backoff(before, policy.unclear_wait, policy.unclear_max);
  return put_off(claim, std::move(changed), index, "the generator tells nothing of its submits",
                 wait, now, policy);
}

// While the generator tells nothing of a job, its deadline does not come nearer.
Decision without_word(const Claim& claim, std::size_t index, Time now, const Policy& policy) {
  const Unit& before = claim.units[index];
  const bool silent = before.away_us != 0;
  const Duration silence = silent ? now - from_us(before.away_us) : Duration(0);
  if (silence > policy.generation_deadline && out_of_patience(claim, index, now, policy)) {
    return fail_after_patience(claim, index, "the generator told nothing of it", now, policy);
  }
  if (silent) return go_on(claim, now, policy, index + 1);
  Claim changed = claim;
  changed.units[index].away_us = to_us(now);
  Decision decision = go_on(changed, now, policy, index + 1);
  decision.commit = true;
  return decision;
}

Claim with_word(Claim claim, std::size_t index, Time now) {
  Unit& unit = claim.units[index];
  if (unit.away_us == 0) return claim;
  unit.away_for_us += to_us(now) - unit.away_us;
  unit.away_us = 0;
  return claim;
}

constexpr const char* no_video_reason = "the generator names a video, and there is none";

// Its address comes before the video sometimes.
Decision note_no_video(const Claim& claim, Claim heard, std::size_t index, Time now,
                       const Policy& policy) {
  heard.units[index].reason = no_video_reason;
  Decision decision = change_unit(claim, heard, index, no_video_reason, now, policy);
  decision.action = go_on(heard, now, policy, index + 1).action;
  return decision;
}

// A failure is often a matter of chance: one more generation, if it may be bought.
Decision generate_again(const Claim& claim, const Polled& seen, std::string why, Time now,
                        const Policy& policy) {
  const Unit& before = claim.units[seen.unit];
  const std::int64_t made = std::max<std::int64_t>(before.generations, 1);  // 0: an older release's
  const bool again = seen.again && made < policy.generations_max &&
                     before.registered == Outcome::none && !before.shown;
  if (!again) return fail_unit(claim, seen.unit, std::move(why), now, policy);
  Claim changed = claim;
  Unit& unit = changed.units[seen.unit];
  unit.state = UnitState::waiting;
  unit.attempt += 1;
  unit.generations = made;
  unit.accepted_us = unit.away_us = unit.away_for_us = 0;
  unit.reason = why;
  return change_unit(claim, std::move(changed), seen.unit, why + "; it is made once more", now,
                     policy);
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
  ENSURE(delivered || !seen.prompt_sha256.empty());
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
  Claim adopted = claim;
  adopted.units[seen.unit].seed = 0;  // the job of somebody else's submit
  return accept(adopted, seen.unit, seen.job, "its video was under way already", now, policy);
}

Decision observe(const Claim& claim, const Unpreparable& seen, Time now, const Policy& policy) {
  if (!seen.lost) return hold_order(claim, seen.reason, now, policy);
  const Duration age = now - under_way_since(claim, seen.unit);
  if (has_passed(age, policy.data_grace, policy)) {
    return fail_unit(claim, seen.unit, seen.reason, now, policy);
  }
  const Duration over{1};  // by which it is over, and no longer only due
  const Duration left =
      age > policy.data_grace ? policy.unclear_max : policy.data_grace - age + over;
  return put_off(claim, claim, seen.unit, seen.reason, left, now, policy);
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
    case SubmitResult::conflicted:
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
    case LookUpResult::unclear: return look_again(claim, seen.unit, now, policy);
    case LookUpResult::none: break;
  }
  const Unit& unit = claim.units[seen.unit];
  // Too early to mean anything: the request may still be on its way.
  if (now < from_us(unit.intent_us) + policy.settle_time) return go_on(claim, now, policy);
  if (unit.lookups + 1 >= policy.lookups_needed) {
    const bool delivered = unit.registered == Outcome::deliver;
    return delivered ? seek_next_seed(claim, seen.unit, now, policy)
                     : submit_again(claim, seen.unit, now, policy);
  }
  Claim changed = claim;
  changed.units[seen.unit].lookups += 1;
  return change_unit(claim, std::move(changed), seen.unit, "not found at the generator", now,
                     policy);
}

Decision observe(const Claim& claim, const Polled& seen, Time now, const Policy& policy) {
  const Unit& unit = claim.units[seen.unit];
  ENSURE(unit.state == UnitState::running);
  if (seen.result == PollResult::unclear) return without_word(claim, seen.unit, now, policy);
  const Claim heard = with_word(claim, seen.unit, now);
  const Duration silence = std::chrono::microseconds(heard.units[seen.unit].away_for_us);
  const Duration age = now - from_us(unit.accepted_us) - silence;
  const bool late = has_passed(age, policy.generation_deadline, policy);
  switch (seen.result) {
    case PollResult::ready: {
      Claim changed = heard;
      changed.units[seen.unit] = made(changed.units[seen.unit], seen, claim.amount_minor, policy);
      return change_unit(claim, std::move(changed), seen.unit, "the video is there", now, policy);
    }
    case PollResult::failed:
      return generate_again(claim, seen, "the generator reported an error", now, policy);
    case PollResult::missing:
      if (!has_passed(age, policy.missing_grace, policy)) break;
      return generate_again(claim, seen, "the generator has lost the job", now, policy);
    case PollResult::no_video:
      if (late) return fail_unit(claim, seen.unit, no_video_reason, now, policy);
      if (unit.reason == no_video_reason) break;
      return note_no_video(claim, heard, seen.unit, now, policy);
    case PollResult::running:
      if (!late) break;
      return fail_unit(claim, seen.unit, "not finished within the deadline", now, policy);
    case PollResult::unclear: break;
  }
  Decision decision = go_on(heard, now, policy, seen.unit + 1);
  decision.commit |= heard != claim;
  return decision;
}

}  // namespace claimcheck
