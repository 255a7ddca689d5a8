// The nearest known name to one that is unknown, for messages: "did you mean serve?". It finds
// typing errors (letters that are wrong, missing, doubled or swapped) and names of which only a
// part was written, not synonyms. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// "; did you mean X?", or nothing when no known name is near enough: more than a third of the
// letters, and one, would have to change, and neither is a part of the other; or when `given` is
// too short to tell. Upper and lower case, "-" and "_" count as equal.
std::string did_you_mean(std::string_view given, const std::vector<std::string>& known);

}  // namespace claimcheck
