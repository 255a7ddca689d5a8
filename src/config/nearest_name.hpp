// nearest_name: the known name that a misspelled one most likely means, for error messages. It
// counts letters; what a name stands for plays no part. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace claimcheck {

// Empty = none is near: more than a third of the letters, and one, would have to change, and
// neither name is a part of the other; or it has too few letters to tell.
std::string_view nearest_name(std::string_view given, const std::vector<std::string_view>& known);

}  // namespace claimcheck
