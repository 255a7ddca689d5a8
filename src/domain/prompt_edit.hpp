// The edit of a refused prompt. When a generator refuses an order's prompt by its content rules,
// the buyer may write another one without paying again, `prompt_edits_max` times, within
// `prompt_edit_time`; meanwhile the unit is `editable`. Then, or when the buyer chooses so, its
// money goes back like that of any failed unit. An edit and a choice of the buyer change only the
// claim, as a command of an operator does; the order machine executes what follows. Pure.
#pragma once

#include "domain/command.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace claimcheck {

class Transition;

// True = a unit waits for the buyer's other prompt.
bool may_edit_prompt(const Claim& claim);

// The order with another prompt, of which only this digest is kept: `prompt_sha256` of the prompt
// as it goes to the generator. Every unit that has no job yet is made from it. Rejected:
// not_refused, same_prompt; under_way while a submit with the first prompt may be out.
std::expected<Decision, Rejected> edit_prompt(const Claim& claim, std::string_view prompt_sha256,
                                              Time now, const Policy& policy);
// The buyer wants the money instead. Rejected: not_refused.
std::expected<Decision, Rejected> decline_edit(const Claim& claim, Time now, const Policy& policy);

// The history lines of both begin with this word.
inline constexpr std::string_view by_buyer = "buyer";

// --- for the steps of the order machine ---

// The generator refused the unit's content: the buyer may write another prompt, or it fails.
Decision refuse_content(Transition& t, std::size_t index, const std::string& why);
// The time of all editable units begins now.
void begin_edit_time(Transition& t);
// By a clock that can be trusted; not while an edit would be rejected as under_way. Only for
// passes: they know whether the clocks agree.
bool edit_time_is_over(const Transition& t);
// Every editable unit fails.
Decision end_edit(Transition& t);
// When to look whether the time is over; never in the past.
Time edit_look_due(const Transition& t);

}  // namespace claimcheck
