// An order of some kind of files, in any state: for tests of what buyers and the shop are told of
// it. A whole order that comes there by its own steps is in order_machine.hpp.
#pragma once

#include "domain/claim.hpp"

#include <cstddef>
#include <vector>

namespace claimcheck::test {

inline Claim media_claim(MediaKind kind, OrderState state, const std::vector<UnitState>& units) {
  Claim claim;
  claim.state = state;
  claim.media = kind;
  claim.amount_minor = 1900;
  claim.currency = "usd";
  claim.units.resize(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) claim.units[i].state = units[i];
  return claim;
}

}  // namespace claimcheck::test
