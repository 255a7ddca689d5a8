// The inside of decide(): one function per kind of observation, and the few moves they share.
// Private to the order machine (transition.cpp, payment_steps.cpp, unit_steps.cpp); everybody else
// includes transition.hpp. All of it is as pure as decide() itself.
#pragma once

#include "domain/transition.hpp"

#include <cstddef>
#include <string>

namespace claimcheck {

// No change; do this next.
Decision stay(const Claim& claim, Action action);
Decision park(const Claim& claim, Duration delay);
// No change; find out from the claim alone what is next.
Decision go_on(const Claim& claim, Time now, const Policy& policy, std::size_t first_to_poll = 0);
// All units ended: the order is done, or held when a unit is.
Decision close_when_ended(const Claim& claim, Time now, const Policy& policy);
// The order changed: store `changed`, with that line in its history, then go on with it.
Decision change_order(const Claim& before, Claim changed, std::string why, Time now,
                      const Policy& policy);
// The same for one unit.
Decision change_unit(const Claim& before, Claim changed, std::size_t unit, std::string why,
                     Time now, const Policy& policy);

Decision observe(const Claim& claim, const Looked& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const PaymentSeen& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const PaymentUnclear& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Prepared& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Unpreparable& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Submitted& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const LookedUp& seen, Time now, const Policy& policy);
Decision observe(const Claim& claim, const Polled& seen, Time now, const Policy& policy);

}  // namespace claimcheck
