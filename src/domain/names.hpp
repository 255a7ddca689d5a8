// The names of described enums, as they are stored, shown and counted: the enumerator's own name.
// Both directions are here, so no table has to be kept equal. Unknown numbers abort: only a bug can
// make them.
#pragma once

#include "base/assert.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

template <typename Enum>
std::string_view name_of(Enum value) {
  const char* name = boost::describe::enum_to_string(value, nullptr);
  ENSURE(name != nullptr);
  return name;
}

template <typename Enum>
std::optional<Enum> from_name(std::string_view name) {
  Enum value{};
  if (!boost::describe::enum_from_string(std::string(name).c_str(), value)) return std::nullopt;
  // A C string ends at its first NUL; the given text may continue after it.
  if (name != name_of(value)) return std::nullopt;
  return value;
}

}  // namespace claimcheck
