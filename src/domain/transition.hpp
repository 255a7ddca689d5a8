// Transition: one run of decide(). It holds the claim before and after, the time, the policy, and
// the lines of the history. Steps change `after` and end with one of its moves. A move appends its
// own line and then computes the next action, so the Decision that it returns is complete. It lives
// for one decision and borrows `before` and `policy`. Private to src/domain: other files include
// order_machine.hpp or command.hpp. As pure as decide() itself.
#pragma once

#include "domain/decision.hpp"
#include "domain/policy.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

struct AcceptedJob {
  std::string job;
  std::string handle = {};  // where it is not the job
};

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
  // Has the age passed the limit, by a clock that can be trusted?
  bool has_passed(Duration age, Duration limit) const;
  // The payment was read recently enough to act on it.
  bool payment_is_fresh() const;
  // The start of its waiting times: its payment, the buyer's last edit of the prompt, or the last
  // decision of a person about it.
  Time under_way_since(std::size_t index) const;
  // The buyer paid nothing, or there is no register: a made video is delivered at once.
  bool needs_no_register() const;

  // --- endings without a move ---

  // `after` as it is now, and this action.
  Decision stay(Action action) const;
  Decision park(Duration delay) const;
  // The next action follows from `after` alone. Units before `first_to_poll` were polled just now.
  Decision go_on(std::size_t first_to_poll = 0);
  // A peer gave no clear answer. The units for which it was asked ask again later; the others go on
  // meanwhile. The wait is not stored, so the next pass asks at once.
  Decision ask_again_later(const std::function<bool(const Unit&)>& has_asked);

  // --- moves ---

  // `after` was changed for this reason: adds a line about the order's state, or about one unit's.
  Decision change_order(const std::string& why);
  Decision change_unit(std::size_t index, const std::string& why);
  // The order is closed in this state, which may be `held`, for this reason.
  Decision close_order(OrderState state, const std::string& why);
  // A person must decide about the whole order, or about this unit.
  Decision hold_order(const std::string& why) { return close_order(OrderState::held, why); }
  Decision hold(std::size_t index, const std::string& why);
  // The generator has this job for the unit.
  Decision accept(std::size_t index, AcceptedJob accepted, const std::string& why);
  // The unit is not made. Its money goes back, if the refund needs no person; else it is held. The
  // failure is what the buyer is told; none = they are told only that it could not be made.
  Decision fail(std::size_t index, const std::string& why, Failure failure = Failure::none);
  // Its video belongs to the buyer: the register has the outcome, or none is needed.
  Decision deliver(std::size_t index, const std::string& why);
  // Without a register the decided outcome is recorded in the claim.
  Decision refund_unregistered(std::size_t index);
  // The unit's next step waits for `delay`. The same reason gets no second line.
  Decision put_off(std::size_t index, const std::string& why, Duration delay);

  // --- the parts of moves ---

  void note_order(const std::string& why);
  void note_unit(std::size_t index, const std::string& why);
  void note(Move line);
  // The change has no line, but it must be stored.
  void must_store() { must_store_ = true; }

 private:
  std::optional<Decision> step_by_itself();
  Decision close_ended_order();

  bool must_store_ = false;
  std::vector<Move> lines_;
  // The states after the last line: the next line begins with them.
  OrderState order_noted_;
  std::vector<UnitState> units_noted_;
};

// The wait doubles with each refusal in a row.
Duration backoff(const Unit& unit, Duration shortest, Duration longest);

}  // namespace claimcheck
