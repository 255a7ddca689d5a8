#include "cli/person.hpp"

#include <array>
#include <pwd.h>
#include <unistd.h>

namespace claimcheck {

std::string person_at_command_line() {
  constexpr std::size_t record_bytes_max = 16 * 1024;
  std::array<char, record_bytes_max> texts{};
  passwd record{};
  passwd* found = nullptr;
  // In a container the user may have a number and no name.
  const int failed = getpwuid_r(getuid(), &record, texts.data(), texts.size(), &found);
  if (failed != 0 || found == nullptr) return "command line";
  return std::string(found->pw_name) + " (command line)";
}

}  // namespace claimcheck
