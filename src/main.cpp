// claimcheck: fulfilment of paid AI generations. Everything is in cli/.
#include "cli/cli.hpp"
#include "commit.hpp"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  // The place of one that is closed would be taken by the next socket, and that get our log.
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(standard, F_GETFD) < 0) open("/dev/null", O_RDWR);
  }
  std::vector<std::string> arguments(argv + 1, argv + argc);
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
  return claimcheck::run_command_line(std::move(arguments), std::move(variables),
                                      CLAIMCHECK_COMMIT);
}
