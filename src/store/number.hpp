// The number that a whole text spells, or nothing: no white space, no rest, no overflow; but "inf"
// and "nan" are doubles. For texts from Redis and other programs. Nothing throws, unlike
// std::stoll. Internal to src/store.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace claimcheck {

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace claimcheck
