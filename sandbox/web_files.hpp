// The files of sandbox/web, built into the binary, so that it runs from any folder. An unknown name
// is a bug and aborts. The pages of the real server are different files, in web/ of the repository.
#pragma once

#include <string_view>

namespace claimcheck::sandbox {

std::string_view web_file(std::string_view name);

}  // namespace claimcheck::sandbox
