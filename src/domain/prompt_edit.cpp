#include "domain/prompt_edit.hpp"

#include "base/assert.hpp"
#include "domain/command_units.hpp"
#include "domain/generator_patience.hpp"
#include "domain/notification.hpp"
#include "domain/transition.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

bool is_editable(const Unit& unit) { return unit.state == UnitState::editable; }

// A request with the earlier prompt may be out, or may have been accepted unheard: under the same
// seed it could come back as the answer to another prompt.
bool may_be_out(const Unit& unit) {
  return unit.state == UnitState::submitting ||
         (unit.state == UnitState::waiting && unit.doubles > 0);
}

std::unexpected<Rejected> reject_not_refused() {
  return reject("not_refused", "this order does not wait for another prompt");
}

}  // namespace

bool may_edit_prompt(const Claim& claim) {
  return claim.state == OrderState::paid && std::ranges::any_of(claim.units, is_editable);
}

std::expected<Decision, Rejected> edit_prompt(const Claim& claim, std::string_view prompt_sha256,
                                              Time now, const Policy& policy) {
  ENSURE(is_stored(claim));
  if (!may_edit_prompt(claim)) return reject_not_refused();
  if (std::ranges::any_of(claim.units, may_be_out)) {
    return reject("under_way",
                  "another part of this order is being sent with the first prompt; try again in a "
                  "minute");
  }
  if (claim.prompt_sha256 == prompt_sha256) {
    return reject("same_prompt", "this is the prompt that was refused");
  }
  Transition t(claim, now, policy);
  t.after.prompt_sha256 = prompt_sha256;
  t.after.prompt_edits += 1;
  t.after.prompt_edited_us = to_us(now);
  t.after.prompt_edit_ends_us = 0;
  // Told of what waits for a generator: its patience begins anew, too.
  if (t.after.refund_after_us != 0)
    t.after.refund_after_us = to_us(now + policy.generator_patience);
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    Unit& unit = t.unit(i);
    if (!is_editable(unit)) continue;
    begin_anew(unit);
    unit.failure = Failure::none;
    unit.reason.clear();
    t.note_unit(i, fmt::format("{}: another prompt", by_buyer));
  }
  // Another refusal, also in the next pass, is told again.
  t.after.notified = still_notified(t.after);
  return t.go_on();
}

std::expected<Decision, Rejected> decline_edit(const Claim& claim, Time now, const Policy& policy) {
  ENSURE(is_stored(claim));
  if (!may_edit_prompt(claim)) return reject_not_refused();
  Transition t(claim, now, policy);
  t.note_order(fmt::format("{}: no other prompt", by_buyer));
  return end_edit(t);
}

Decision refuse_content(Transition& t, std::size_t index, const std::string& why) {
  Unit& unit = t.unit(index);
  // A video that the buyer has seen, or that is registered, is not made a second time; nor is one
  // of which a submit may have been accepted unheard.
  const bool free =
      unit.registered == Outcome::none && !unit.shown_before_register && unit.doubles == 0;
  if (free && unit.prompt_edit < t.after.prompt_edits) {
    begin_anew(unit);
    unit.reason = why;
    return t.change_unit(index, why + "; the buyer has written another prompt meanwhile");
  }
  if (!free || t.after.prompt_edits >= t.policy.prompt_edits_max) {
    return t.fail(index, why, Failure::content);
  }
  // One time for all units: from its end on an edit would not be for all of them.
  if (!may_edit_prompt(t.after)) begin_edit_time(t);
  unit.state = UnitState::editable;
  unit.failure = Failure::content;
  unit.reason = why;
  unit.retry_us = unit.put_offs = unit.away_us = unit.away_for_us = unit.queued_us = 0;
  return t.change_unit(index, why + "; the buyer may write another prompt");
}

void begin_edit_time(Transition& t) {
  t.after.prompt_edit_ends_us = to_us(t.now + t.policy.prompt_edit_time);
}

bool edit_time_is_over(const Transition& t) {
  if (!may_edit_prompt(t.after) || std::ranges::any_of(t.after.units, may_be_out)) return false;
  const Duration left = from_us(t.after.prompt_edit_ends_us) - t.now;
  return t.has_passed(t.policy.prompt_edit_time - left, t.policy.prompt_edit_time);
}

Decision end_edit(Transition& t) {
  Decision decision;
  for (std::size_t i = 0; i < t.after.units.size(); ++i) {
    if (!is_editable(t.unit(i))) continue;
    decision = t.fail(i, std::string(t.unit(i).reason), Failure::content);
  }
  return decision;
}

Time edit_look_due(const Transition& t) {
  const Duration over{1};
  const Time ends = from_us(t.after.prompt_edit_ends_us) + over;
  // While it may not end yet, it is looked at again.
  return ends > t.now ? ends : t.now + t.policy.unclear_max;
}

}  // namespace claimcheck
