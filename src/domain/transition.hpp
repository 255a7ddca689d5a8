// Transition: one run of decide(). It carries the claim as it was found and as it shall be, the
// time, the policy, and the lines of the history. Steps change `after` and end with one of its
// moves: a move appends its own line and then finds out what is next, so the Decision it returns is
// complete. Lives for one decision and borrows `before` and `policy`. Private to src/domain:
// everybody else includes order_machine.hpp or command.hpp. As pure as decide() itself.
#pragma once

#include "domain/decision.hpp"
#include "domain/policy.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

class Transition {
 public:
  Transition(const Claim& claim, Time time, const Policy& rules);

  const Claim& before;
  Claim after;
  const Time now;
  const Policy& policy;

  Unit& unit(std::size_t index) { return after.units[index]; }

  // --- questions ---

  Duration since(std::int64_t then_us) const { return now - from_us(then_us); }
  // Has that much passed, by a clock that can be believed?
  bool has_passed(Duration age, Duration limit) const;
  // Stripe's word on the payment is young enough to act on.
  bool payment_is_fresh() const;
  // Since when it is meant to be made: since its payment, or since a person sent it on its way.
  Time under_way_since(std::size_t index) const;
  // The buyer paid nothing or there is no register: nothing stands between made and delivered.
  bool needs_no_register() const;

  // --- endings without a move ---

  // `after` as it is; do this next.
  Decision stay(Action action) const;
  Decision park(Duration delay) const;
  // What is next follows from `after` alone. Units before `first_to_poll` were polled just now.
  Decision go_on(std::size_t first_to_poll = 0);
  // A peer gave no clear answer. The units that asked ask again later, the others go on meanwhile.
  // Not stored, so the next pass asks at once.
  Decision ask_again_later(const std::function<bool(const Unit&)>& has_asked);

  // --- moves ---

  // `after` was changed for this reason: a line of the order's state, or of one unit's.
  Decision change_order(const std::string& why);
  Decision change_unit(std::size_t index, const std::string& why);
  // The order ends in this state, or is held in it, for this reason.
  Decision close_order(OrderState state, const std::string& why);
  // A person must decide about the whole order, or about this unit.
  Decision hold_order(const std::string& why) { return close_order(OrderState::held, why); }
  Decision hold(std::size_t index, const std::string& why);
  // The generator has this job for the unit.
  Decision accept(std::size_t index, const std::string& job, const std::string& why);
  // The unit will not be made: its money goes back, if a refund may be made without a person.
  Decision fail(std::size_t index, const std::string& why);
  // Its video is the buyer's: the register has it, or none is needed.
  Decision deliver(std::size_t index, const std::string& why);
  // Without a register the claim itself remembers which outcome was decided.
  Decision refund_unregistered(std::size_t index);
  // The unit's next step is not tried before `delay` is over. No second line for the same reason.
  Decision put_off(std::size_t index, const std::string& why, Duration delay);

  // --- what moves are made of ---

  void note_order(const std::string& why);
  void note_unit(std::size_t index, const std::string& why);
  void note(Move line);
  // There is no line for it, but it must not be lost.
  void must_store() { must_store_ = true; }

 private:
  std::optional<Decision> step_by_itself();
  Decision close_ended_order();

  bool must_store_ = false;
  std::vector<Move> lines_;
  // The states as the last line left them: there the next one begins.
  OrderState order_noted_;
  std::vector<UnitState> units_noted_;
};

// Twice as long for each refusal in a row.
Duration backoff(const Unit& unit, Duration shortest, Duration longest);

}  // namespace claimcheck
