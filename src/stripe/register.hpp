// The register: the outcome of each unit of an order, "deliver" or "refund", as a member
// `claimcheck_u<unit>` in the metadata of the order's charge. Each is written once, under one
// Idempotency-Key, and read before it is written. If Redis forgets an order, Stripe still knows
// which of the two it was.
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
