// Text as bytes, by the rules of ASCII: no locale has a say, and what is not ASCII stays as it is.
// For the names and words that protocols compare without regard to case. Pure.
#pragma once

#include <string>
#include <string_view>

namespace claimcheck {

std::string lowercase(std::string_view text);

}  // namespace claimcheck
