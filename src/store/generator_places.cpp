#include "store/generator_places.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

// "<tool> <paid, us> <session>/<unit>", in the order of bytes; numbers have a fixed width for that.
std::string line_member(const WaitingUnit& unit) {
  if (unit.unit.empty()) return {};
  const std::size_t slash = std::min(unit.unit.rfind('/'), unit.unit.size());
  const std::string_view number = std::string_view(unit.unit).substr(slash);
  return fmt::format("{} {:016} {}/{:0>2}", unit.tool, to_us(unit.paid),
                     std::string_view(unit.unit).substr(0, slash),
                     number.empty() ? number : number.substr(1));
}

std::string session_in_line(std::string_view member) {
  const std::size_t space = member.rfind(' ');
  const std::size_t from = space == std::string_view::npos ? 0 : space + 1;
  return std::string(member.substr(from, member.rfind('/') - from));
}

}  // namespace claimcheck
