// The body of PATCH /api/sessions/{id}: a JSON merge patch of one level. null removes a member, any
// other value sets it. Members that fulfilment owns are refused. Described members must have their
// type. Unknown members belong to the caller. Pure.
#pragma once

#include "store/codec.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// Each member is spliced in alone, on the thread that serves all requests.
inline constexpr std::size_t patch_members_max = 64;

struct SessionPatch {
  std::vector<MemberChange> changes;
  bool changes_inputs = false;  // of the generation: prompt, duration, resolution, style
};

struct PatchRefusal {
  int status = 400;  // 400 no patch or too large, 409 fulfilment owns it, 422 wrong type
  std::string code;
  std::string message;
  std::string param;
};

std::expected<SessionPatch, PatchRefusal> read_session_patch(std::string_view body);

}  // namespace claimcheck
