// Who is at the command line: the system's user, as an order's history and the log name a person
// who decided something there. Operators at /ops have names of their own (domain/operators.hpp).
#pragma once

#include <string>

namespace claimcheck {

// "anna (command line)", or "command line" if the system has no name for this user.
std::string person_at_command_line();

}  // namespace claimcheck
