// The inside of decide(): one function per kind of observation, and the few moves they share.
// Private to the order machine (transition, moves, payment_steps, unit_steps, outcome_steps);
// everybody else includes transition.hpp. All of it is as pure as decide() itself.
#pragma once

#include "domain/transition.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace claimcheck {

inline constexpr const char* disputed_reason = "the payment is disputed";

// Nothing goes on by itself any more.
bool is_closed(OrderState state);

// Has that much passed, by a clock that can be believed?
bool has_passed(Duration age, Duration limit, const Policy& policy);

// No change; do this next.
Decision stay(const Claim& claim, Action action);
Decision park(const Claim& claim, Duration delay);
// No change; find out from the claim alone what is next.
Decision go_on(const Claim& claim, Time now, const Policy& policy, std::size_t first_to_poll = 0);
// A peer gave no clear answer. The units that asked ask again later, the others go on meanwhile.
// Not stored, so the next pass asks at once.
using AsksAgain = std::function<bool(std::size_t unit)>;
Decision without_answer(const Claim& claim, const AsksAgain& asks_again, Time now,
                        const Policy& policy);
// All units ended: the order is done, or held when a unit is. Its payment is read once more if that
// was long ago.
Decision close_when_ended(const Claim& claim, Time now, const Policy& policy);
// The order changed: store `changed`, with that line in its history, then go on with it.
Decision change_order(const Claim& before, Claim changed, std::string why, Time now,
                      const Policy& policy);
// The same for one unit.
Decision change_unit(const Claim& before, Claim changed, std::size_t unit, std::string why,
                     Time now, const Policy& policy);

// Takes over what Stripe says of the payment and of the outcomes; returns the news in it.
std::string adopt_payment(Claim& claim, const PaymentSeen& seen, Time now);

// A person must decide about this unit, or about the whole order.
Decision hold_unit(const Claim& claim, std::size_t unit, std::string why, Time now,
                   const Policy& policy);
Decision hold_order(const Claim& claim, std::string why, Time now, const Policy& policy);
// The unit will not be made: its money goes back, if a refund may be made without a person.
Decision fail_unit(const Claim& claim, std::size_t unit, std::string why, Time now,
                   const Policy& policy);
// Its video is the buyer's: the register has it, or none is needed.
Decision deliver_unit(const Claim& claim, std::size_t unit, std::string why, Time now,
                      const Policy& policy);
// Without a register the claim itself remembers which outcome was decided.
Decision refund_unregistered(const Claim& claim, std::size_t unit, Time now, const Policy& policy);
// The same unit in the state that follows when it will not be made; changes nothing else.
Unit failed(Unit unit, std::int64_t share_minor, std::string why, const Policy& policy);
// What persons sent back beyond the shares of units that ended by it.
std::int64_t unattributed_minor(const Claim& claim);
// Since when its way is meant to lead somewhere: its payment, or a person's word of later.
Time under_way_since(const Claim& claim, std::size_t unit);
// Twice as long for each refusal in a row.
Duration backoff(const Unit& unit, Duration shortest, Duration longest);
// The unit's next step is not tried before `delay` is over.
Decision put_off(const Claim& before, Claim changed, std::size_t unit, std::string why,
                 Duration delay, Time now, const Policy& policy);

Decision observe(const Claim& claim, const Looked& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Poisoned& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const PaymentSeen& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const PaymentUnclear& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Prepared& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Adopted& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Unpreparable& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Submitted& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const LookedUp& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Polled& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Registered& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const RefundAllowed& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const RefundsSeen& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const RefundsUnclear& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const DisputesSeen& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const DisputesUnclear& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Refunded& seen, Time now, const Policy& policy);

}  // namespace claimcheck
