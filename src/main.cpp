// claimcheck: fulfilment of paid AI generations. Everything is in app/cli.
#include "app/cli.hpp"

#include <unistd.h>

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
  return claimcheck::run_command_line(std::move(arguments), std::move(variables));
}
