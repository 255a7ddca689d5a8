// The command line: serve, session show|list and what a person decides about an order, refunds
// show|release, audit, doctor, --help, --version. Results go to standard output, everything else
// to standard error; exit codes are ExitCode. Reads settings like the server does, so it finds the
// same Redis.
#pragma once

#include <string>
#include <vector>

namespace claimcheck {

int run_command_line(std::vector<std::string> arguments, std::vector<std::string> environment);

}  // namespace claimcheck
