// The address of this server under which a buyer gets a result that has no address of its own for
// buyers: it ends, opens with our key only, or is a signed link of the storage. Pure.
#pragma once

#include "domain/claim.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// "https://shop.example.com/api/result/cs_…-1.mp4"; videos are counted from 1.
std::string result_link(std::string_view public_url, std::string_view session_id,
                        const Claim& claim, std::size_t unit, std::string_view content_type);

struct NamedResult {
  std::string session_id;
  std::size_t unit = 0;
};
// The last segment of such an address; the ending may be missing. Nothing = it is none.
std::optional<NamedResult> named_result(std::string_view name);

}  // namespace claimcheck
