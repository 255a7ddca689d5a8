// The order machine: decide(claim, observation, now) returns what an order becomes after an
// observation, and the next action. Pure: no I/O, no clock, no JSON; the same arguments give the
// same decision. The caller (flow/fulfilment) stores the decided claim before it acts. So the
// possible effects of an action are always on record, and the process that finds the record later
// goes on from there.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "domain/decision.hpp"
#include "domain/observation.hpp"
#include "domain/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace claimcheck {

Decision decide(const Claim& claim, const Observation& observation, Time now,
                const Policy& policy = {});

// The fingerprint of one submit: 31 bits of SHA-256 over session, unit and attempt.
std::int64_t submit_seed(std::string_view session_id, std::size_t unit, std::int64_t attempt);

}  // namespace claimcheck
