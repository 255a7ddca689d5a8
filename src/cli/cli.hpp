// The command line: serve, session show|list and the decisions about an order, refunds
// show|release, audit, doctor, stripe setup, help, --version. Results go to standard output,
// everything else to standard error; exit codes are ExitCode. Settings are read as the server reads
// them, so every command finds the same Redis.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// `arguments` without the program's name; `environment` as "NAME=value"; `commit` of this build,
// empty = not known. Returns the exit code.
int run_command_line(std::vector<std::string> arguments, std::vector<std::string> environment,
                     std::string_view commit);

}  // namespace claimcheck
