// The files of sandbox/web, built into the binary, so that it runs from any folder. Asking for a
// name that is not there is a bug and aborts. The real server's pages are others and stand in
// web/ of the repository.
#pragma once

#include <string_view>

namespace claimcheck::sandbox {

std::string_view web_file(std::string_view name);

}  // namespace claimcheck::sandbox
