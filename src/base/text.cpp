#include "base/text.hpp"

namespace claimcheck {

std::string lowercase(std::string_view text) {
  std::string copy(text);
  for (char& c : copy) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return copy;
}

}  // namespace claimcheck
