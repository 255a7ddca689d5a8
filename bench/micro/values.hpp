// What the benchmarks work on: a claim in the middle of its order with every member that such a
// claim has, and a session value whose prompt has a given size.
#pragma once

#include "domain/claim.hpp"

#include <string>

namespace claimcheck::bench {

Claim running_claim(std::size_t units);
std::string session_value(std::size_t prompt_bytes);

}  // namespace claimcheck::bench
