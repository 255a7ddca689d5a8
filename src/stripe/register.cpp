#include "stripe/register.hpp"

#include "base/json.hpp"
#include "domain/names.hpp"

#include <fmt/format.h>

namespace claimcheck::stripe {

std::string register_member(std::size_t unit) { return fmt::format("claimcheck_u{}", unit); }

std::vector<Outcome> read_register(const boost::json::value& metadata) {
  std::vector<Outcome> outcomes;
  for (std::size_t unit = 0; unit < units_max; ++unit) {
    const auto outcome = from_name<Outcome>(json::text_at(metadata, register_member(unit)));
    // An unknown text counts as none: the write that follows shows what is registered.
    if (!outcome || *outcome == Outcome::none) continue;
    outcomes.resize(unit + 1, Outcome::none);
    outcomes[unit] = *outcome;
  }
  return outcomes;
}

}  // namespace claimcheck::stripe
