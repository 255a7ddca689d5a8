#include "domain/session.hpp"

#include <algorithm>

namespace claimcheck {

bool is_session_id(std::string_view text) {
  constexpr std::size_t length_max = 255;
  if (text.size() > length_max) return false;
  if (!text.starts_with("cs_test_") && !text.starts_with("cs_live_")) return false;
  const std::string_view rest = text.substr(std::string_view("cs_test_").size());
  const auto letter_or_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !rest.empty() && std::ranges::all_of(rest, letter_or_digit);
}

}  // namespace claimcheck
