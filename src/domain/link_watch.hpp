// Which delivered videos are due for a look at their address: a day after the delivery, then after
// 2, 4, 8 and 16 days, and when an address ends. Plain rules, for the order machine and for the
// walk over all claims that wakes orders.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "domain/policy.hpp"

#include <cstddef>
#include <optional>

namespace claimcheck {

// The first unit that is due; nothing = none is.
std::optional<std::size_t> link_to_look_at(const Claim& claim, Time now, const Policy& policy);
// Its address held no video at two looks, or was lost with Redis.
bool has_lost_link(const Unit& unit);

}  // namespace claimcheck
