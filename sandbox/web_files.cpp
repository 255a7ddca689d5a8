#include "sandbox/web_files.hpp"

#include "base/assert.hpp"
#include "embedded/sandbox_web.hpp"

#include <algorithm>

namespace claimcheck::sandbox {

std::string_view web_file(std::string_view name) {
  const auto& files = embedded::sandbox_web_files;
  const auto* found = std::ranges::find(files, name, &embedded::File::name);
  ENSURE(found != files.end());
  return found->body;
}

}  // namespace claimcheck::sandbox
