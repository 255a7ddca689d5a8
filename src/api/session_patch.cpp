#include "api/session_patch.hpp"

#include "base/json.hpp"
#include "domain/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace claimcheck {

namespace {

// What the generator gets. Once an order is paid, nobody may change these (OperatorRoutes::patch).
constexpr std::array<std::string_view, 4> inputs = {"prompt", "duration", "resolution", "style"};
// Described members whose type is text; `duration` is the one number.
constexpr std::array<std::string_view, 7> texts = {
    "prompt", "resolution", "style", "toolSlug", "toolTitle", "customerEmail", "reference"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::unexpected<PatchRefusal> refuse(int status, std::string code, std::string_view member,
                                     std::string_view what) {
  return std::unexpected(PatchRefusal{
      .status = status,
      .code = std::move(code),
      .message = member.empty() ? std::string(what) : fmt::format("{} {}", member, what),
      .param = std::string(member)});
}

std::expected<void, PatchRefusal> check(std::string_view name, const boost::json::value& value) {
  // The view is derived from the claim: the next pass would overwrite a patch of it without a word.
  if (fulfilment_owns(name)) {
    return refuse(409, "member_owned", name, "belongs to fulfilment and cannot be patched");
  }
  // Without one of these the stored value would not be an order any more.
  const bool required = is_one_of(inputs, name) || name == "toolSlug" || name == "toolTitle";
  if (value.is_null()) {
    if (required) return refuse(422, "member_required", name, "cannot be removed");
    return {};
  }
  if (name == "duration" && (!value.is_number() || value.to_number<double>() <= 0)) {
    return refuse(422, "invalid_type", name, "must be a number above 0");
  }
  // Unknown members pass as they are: other writers keep their own data in the value.
  if (!is_one_of(texts, name)) return {};
  if (!value.is_string()) return refuse(422, "invalid_type", name, "must be a string");
  if (name != "prompt") return {};
  const auto& prompt = value.get_string();
  // The limits of a checkout: a patch must not bring in what a checkout would refuse.
  if (prompt.empty()) return refuse(422, "empty_prompt", name, "must not be empty");
  if (prompt.size() > prompt_bytes_max) return refuse(422, "prompt_too_long", name, "is too long");
  return {};
}

}  // namespace

std::expected<SessionPatch, PatchRefusal> read_session_patch(std::string_view body) {
  const Result<boost::json::object> members = json::parse_body(body);
  if (!members) return refuse(400, "invalid_json", "", members.error().message);
  // Before the first member is checked: the work grows with their number.
  if (members->size() > patch_members_max) {
    return refuse(400, "too_many_members", "",
                  fmt::format("a patch has at most {} members", patch_members_max));
  }
  SessionPatch patch;
  for (const auto& [key, value] : *members) {
    const std::string name(key);
    // One wrong member refuses the whole patch, so a caller never has to find out which half was
    // stored.
    if (const auto checked = check(name, value); !checked) {
      return std::unexpected(checked.error());
    }
    MemberChange change{.name = name, .json = std::nullopt};
    // null is the merge patch's word for a removal; a member cannot hold it.
    if (!value.is_null()) change.json = json::print(value);
    patch.changes.push_back(std::move(change));
    patch.changes_inputs |= is_one_of(inputs, name);
  }
  return patch;
}

}  // namespace claimcheck
