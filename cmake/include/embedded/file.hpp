// File: a web file that was embedded at build time. `name` is its path below the web folder,
// `content_type` what HTTP calls it, `body` its bytes; all live as long as the program.
// The generated headers beside this one (embedded/web.hpp, …) hold arrays of it.
#pragma once

#include <string_view>

namespace claimcheck::embedded {

struct File {
  std::string_view name;
  std::string_view content_type;
  std::string_view body;
};

}  // namespace claimcheck::embedded
