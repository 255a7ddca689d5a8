// The inside of decide() for a person's command: what becomes of one unit by it, or why it must
// not. Private to command.cpp and command_units.cpp; everybody else includes command.hpp.
#pragma once

#include "domain/command.hpp"
#include "domain/transition.hpp"

#include <cstddef>
#include <expected>
#include <string>

namespace claimcheck {

using ChangedUnit = std::expected<Unit, Rejected>;

// The words of `why` follow those that name the unit: "video 1 is delivered".
ChangedUnit apply_to_unit(const Transition& t, std::size_t unit, const Command& command);

std::unexpected<Rejected> reject(std::string code, std::string why);

}  // namespace claimcheck
