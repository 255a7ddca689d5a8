// A running job: the generator's answer about it, or its silence.
#include "base/assert.hpp"
#include "domain/generator_patience.hpp"
#include "domain/observe.hpp"
#include "domain/prompt_edit.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace claimcheck {

namespace {

constexpr const char* no_video_reason = "the generator names a video, and there is none";

// While the generator gives no answer about a job, the job's deadline does not come nearer.
Decision note_silence(Transition& t, std::size_t index) {
  Unit& unit = t.unit(index);
  const bool silent_before = generator_is_away(unit);
  const Duration silence = silent_before ? t.since(unit.away_us) : Duration(0);
  if (silence > t.policy.generation_deadline && is_out_of_patience(t, index)) {
    return fail_after_patience(t, index, "the generator told nothing of it");
  }
  if (!silent_before) {
    // Stored, since the deadline depends on it. Without a line, since most silences are one lost
    // answer.
    unit.away_us = to_us(t.now);
    t.must_store();
  }
  return t.go_on(index + 1);
}

void end_silence(Transition& t, std::size_t index) {
  Unit& unit = t.unit(index);
  if (!generator_is_away(unit)) return;
  unit.away_for_us += to_us(t.now) - unit.away_us;
  unit.away_us = 0;
}

// The cost of a job counts once, when its end is seen.
void add_cost(Unit& unit, const Polled& seen) {
  if (seen.cost) unit.cost = with_cost(unit.cost, *seen.cost);
}

std::string why_failed(const Polled& seen) {
  if (seen.failure == Failure::content) return content_refused_reason;
  return job_failed_reason;
}

// A failure is often chance: one more generation is made, if it may be bought.
Decision generate_again(Transition& t, const Polled& seen, const std::string& why) {
  Unit& unit = t.unit(seen.unit);
  // 0: an older release's
  const std::int64_t made = std::max<std::int64_t>(generations_here(unit), 1);
  // A video that the buyer has seen, or that is registered, is not made a second time.
  const bool free = unit.registered == Outcome::none && !unit.shown_before_register &&
                    seen.failure != Failure::content;
  if (!free || !seen.again || made >= t.policy.generations_max) {
    // A submit whose fate nobody knows may have made a job that is still under way.
    const bool certain = unit.doubles == 0;
    if (free && certain && !seen.next.empty()) return move_on(t, seen.unit, seen.next, why);
    if (seen.failure == Failure::content) return refuse_content(t, seen.unit, why);
    return t.fail(seen.unit, why, seen.failure);
  }
  unit.state = UnitState::waiting;
  unit.attempt += 1;  // under the same seed the generator would return the failed job
  unit.generations = made + unit.earlier_generations;
  unit.accepted_us = unit.away_us = unit.away_for_us = 0;
  unit.reason = why;
  return t.change_unit(seen.unit, why + "; it is made once more");
}

// With a storage the buyer gets the copy. Without one, an address that ends or needs our key is
// replaced by ours, behind which the server reads the generator's.
Decision take_video(Transition& t, const Polled& seen) {
  Unit& unit = t.unit(seen.unit);
  const bool for_buyers = !seen.url_needs_key && !seen.url_ends;
  unit.thumbnail_url = for_buyers ? seen.thumbnail_url : "";
  unit.content_type = seen.content_type;
  unit.url_ends_us = seen.url_ends ? to_us(*seen.url_ends) : 0;
  unit.source_url = seen.url;
  unit.object.clear();
  unit.upload.clear();
  unit.upload_parts.clear();
  if (t.policy.keeps_results) {
    unit.state = UnitState::copying;
    unit.retry_us = unit.put_offs = 0;
    return t.change_unit(seen.unit, "the video is there; it is copied to the storage");
  }
  if (for_buyers) unit.source_url.clear();
  return take_made(t, seen.unit, for_buyers ? seen.url : seen.own_url, "the video is there");
}

// The job has no result yet: the other units are polled first, then this one again.
Decision poll_next(Transition& t, std::size_t index) {
  if (t.after != t.before) t.must_store();  // a silence ended
  return t.go_on(index + 1);
}

}  // namespace

Decision take_made(Transition& t, std::size_t index, std::string url, const std::string& why) {
  Unit& unit = t.unit(index);
  unit.url = std::move(url);
  unit.reason.clear();
  // After a command the register may have an outcome of a worker that the command overtook.
  unit.shown_before_register =
      t.policy.register_mode == RegisterMode::eager && !was_decided_by_operator(unit);
  const bool delivered = t.needs_no_register() || unit.registered == Outcome::deliver;
  unit.state = delivered ? UnitState::delivered : UnitState::ready;
  return t.change_unit(index, why);
}

Decision observe(Transition& t, const CalledBack& seen) {
  Unit& unit = t.unit(seen.unit);
  if (unit.state == UnitState::running && unit.called_us == 0) {
    unit.called_us = to_us(t.now);
    t.must_store();
  }
  return t.go_on();
}

Decision observe(Transition& t, const Polled& seen) {
  const Unit& unit = t.unit(seen.unit);
  ENSURE(unit.state == UnitState::running);
  if (unit.called_us != 0) {
    t.unit(seen.unit).called_us = 0;
    t.must_store();
  }
  if (seen.result == PollResult::unclear) return note_silence(t, seen.unit);
  end_silence(t, seen.unit);
  const Duration silence = std::chrono::microseconds(unit.away_for_us);
  const Duration age = t.since(unit.accepted_us) - silence;
  const bool late = t.has_passed(age, t.policy.generation_deadline);
  const bool ended = seen.result == PollResult::ready || seen.result == PollResult::failed;
  if (ended) add_cost(t.unit(seen.unit), seen);
  switch (seen.result) {
    case PollResult::ready: return take_video(t, seen);
    case PollResult::failed: return generate_again(t, seen, why_failed(seen));
    case PollResult::missing:
      // A job that was just accepted may be missing on some servers of the generator.
      if (!t.has_passed(age, t.policy.missing_grace)) break;
      return generate_again(t, seen, job_lost_reason);
    case PollResult::no_video:
      if (late) return t.fail(seen.unit, no_video_reason, Failure::transient);
      // Sometimes the address comes before the video. That is recorded once, and polling goes on.
      if (unit.reason == no_video_reason) break;
      t.unit(seen.unit).reason = no_video_reason;
      t.note_unit(seen.unit, no_video_reason);
      break;
    case PollResult::running:
      if (late) return t.fail(seen.unit, "not finished within the deadline", Failure::late);
      break;
    case PollResult::unclear: break;
  }
  return poll_next(t, seen.unit);
}

}  // namespace claimcheck
