// The body of PATCH /api/sessions/{id}: a JSON merge patch of one level. null removes a member,
// anything else sets it. Members that fulfilment owns are refused, described members must have
// their type; members we do not know are the caller's own business. Pure.
#pragma once

#include "store/codec.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// Each member is spliced into the value by itself, on the thread that serves everybody.
inline constexpr std::size_t patch_members_max = 64;

struct SessionPatch {
  std::vector<MemberChange> changes;
  bool changes_inputs = false;  // of the generation: prompt, duration, resolution, style
};

struct PatchRefusal {
  int status = 400;  // 400 no patch or too large, 409 not the caller's to change, 422 wrong type
  std::string code;
  std::string message;
  std::string param;
};

std::expected<SessionPatch, PatchRefusal> read_session_patch(std::string_view body);

}  // namespace claimcheck
