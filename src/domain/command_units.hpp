// The part of decide() that applies a person's command to one unit, or rejects it. Private to
// command.cpp and command_units.cpp; other files include command.hpp.
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
