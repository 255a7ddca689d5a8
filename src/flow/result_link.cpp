#include "flow/result_link.hpp"

#include "domain/session.hpp"
#include "store/number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

std::string result_link(std::string_view public_url, std::string_view session_id,
                        const Claim& claim, std::size_t unit, std::string_view content_type) {
  return fmt::format("{}/api/result/{}-{}{}", public_url, session_id, video_number(unit),
                     file_ending(claim.media, content_type));
}

std::optional<NamedResult> named_result(std::string_view name) {
  name = name.substr(0, std::min(name.find('.'), name.size()));
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string session_id(name.substr(0, dash));
  const auto number = number_in<std::size_t>(std::string(name.substr(dash + 1)));
  if (!is_session_id(session_id) || !number || *number < 1 || *number > units_max) {
    return std::nullopt;
  }
  return NamedResult{.session_id = session_id, .unit = *number - 1};
}

}  // namespace claimcheck
