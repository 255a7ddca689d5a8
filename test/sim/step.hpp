// Step: what must be true of one write to an order, whoever made it: an order and its videos go
// only the ways of docs/state-machine.md, a person's commands their own, buyers see nothing that
// the order does not have, and what another program keeps in the session value stays as it is.
#pragma once

#include "domain/claim.hpp"

#include <string>
#include <vector>

namespace claimcheck::sim {

struct Step {
  Claim before;
  Claim after;
  std::string session_before;  // the session value; "" = absent
  std::string session_after;
  std::string why;  // as its history has it
};

// A member as another program writes it, in a spelling that no JSON library of ours gives.
inline constexpr const char* foreign_member = R"("shop":{"weight":8.50,"name":"\u00e9\ud800"})";

// What is wrong with it, a sentence each. `fenced`: no version was ever given to two writes.
std::vector<std::string> wrong_in(const Step& step, bool fenced);

}  // namespace claimcheck::sim
