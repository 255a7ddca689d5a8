// The register: how each unit of an order ends, one member `claimcheck_u<unit>` in the metadata of
// the order's charge, "deliver" or "refund". Written once per unit, under one Idempotency-Key, and
// read before it is written: whatever Redis forgets, Stripe knows which of the two it was.
#pragma once

#include "domain/claim.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace claimcheck::stripe {

std::string register_member(std::size_t unit);

// The outcomes in a charge's metadata, up to the last unit that has one.
std::vector<Outcome> read_register(const boost::json::value& metadata);

}  // namespace claimcheck::stripe
