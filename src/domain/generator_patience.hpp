// How long an order waits for a generator that accepts no submit or gives no answer: until its
// patience, counted from the payment, is over. Then the unit fails, and its money goes back.
// A tool may name several generators; then the next one is asked instead. Private to src/domain,
// for the steps that ask the generator (observe_submit, _look_up, _poll).
#pragma once

#include "domain/transition.hpp"

#include <cstddef>
#include <string_view>

namespace claimcheck {

bool is_out_of_patience(const Transition& t, std::size_t unit);
// `why` is put before "within 1440 min".
Decision fail_after_patience(Transition& t, std::size_t unit, std::string_view why);
// The unit is made from the beginning: under another seed, since under the same one a generator
// returns what it has made already.
void begin_anew(Unit& unit);
// The unit is made by the next generator, from the beginning. The caller knows that no job of the
// last one can be under way.
Decision move_on(Transition& t, std::size_t unit, const std::string& next, std::string_view why);
// Records that the generator is away; the buyer sees until when the order waits for it.
void begin_to_wait(Transition& t, std::size_t unit);
// Records until when an order waits at most, for a generator that is away or for its turn there.
void promise_refund(Transition& t, std::size_t unit);

}  // namespace claimcheck
