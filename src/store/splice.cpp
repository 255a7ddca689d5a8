// Changing a session value without printing it again: the named members get another value,
// everything else is put back as it was.
#include "base/json.hpp"
#include "store/codec.hpp"
#include "store/members.hpp"
#include "store/session_text.hpp"
#include "store/session_value.hpp"

#include <algorithm>
#include <deque>

namespace claimcheck {

namespace {

// Their first two digits: d8 to db begins a pair, dc to df ends one.
bool is_surrogate(std::string_view escape, char from, char to) {
  if (escape.size() < 6 || escape[0] != '\\' || escape[1] != 'u') return false;
  const char digit = static_cast<char>(escape[3] | 0x20);  // A to F as a to f; 8 and 9 stay
  return (escape[2] | 0x20) == 'd' && digit >= from && digit <= to;
}

bool has_half_a_pair(std::string_view json) {
  for (std::size_t at = json.find('\\'); at != json.npos; at = json.find('\\', at)) {
    const std::string_view rest = json.substr(at);
    if (is_surrogate(rest, 'c', 'f')) return true;
    const bool begun = is_surrogate(rest, '8', 'b');
    if (begun && !is_surrogate(rest.substr(6), 'c', 'f')) return true;
    at += begun ? 12 : 2;
  }
  return false;
}

bool is_member(const MemberChange& change) {
  // In the session value it stands one level deeper, and must be readable there.
  return is_strict_json(*change.json, json::depth_max - 1) &&
         is_strict_json(json::print(std::string_view(change.name)), 1);
}

// `spelled` keeps the text of new names.
void apply(const MemberChange& change, SessionText& text, std::deque<std::string>& spelled) {
  if (!change.json) {
    std::erase_if(text.members, [&](const MemberText& one) { return one.name == change.name; });
  } else if (MemberText* member = text.find(change.name)) {
    member->value = *change.json;
  } else {
    spelled.push_back(json::print(std::string_view(change.name)) + ':');
    text.members.push_back(
        {.name = change.name, .before = spelled.back(), .value = *change.json, .after = {}});
  }
}

}  // namespace

Result<std::string> splice_session(std::string_view bytes,
                                   const std::vector<MemberChange>& changes) {
  Result<SessionText> text = SessionText::read(bytes);
  if (!text) return fail(text);
  std::deque<std::string> spelled;
  for (const MemberChange& change : changes) {
    // A text that is not JSON could change its neighbours.
    if (change.json && !is_member(change)) {
      return fail(Errc::invalid, "a change of a session member is not JSON");
    }
    apply(change, *text, spelled);
  }
  // A change may also remove the members by which an order is recognized; then nothing is written.
  if (!text->check()) return fail(Errc::invalid, "the change would leave no readable order");
  return text->print();
}

std::map<std::string, std::string, std::less<>> halves_of_pairs(std::string_view bytes) {
  std::map<std::string, std::string, std::less<>> halves;
  if (!has_half_a_pair(bytes)) return halves;
  for (const MemberText& member : SessionText::cut(bytes).members) {
    halves.erase(member.name);  // of members with one name the last counts
    const bool half = member.value.starts_with('"') && has_half_a_pair(member.value);
    if (half) halves.emplace(member.name, member.value);
  }
  return halves;
}

Result<std::string> without_personal_data(std::string_view bytes) {
  const Result<SessionText> session = SessionText::read(bytes);
  if (!session) return fail(session);
  // A list of what stays, not of what goes: a member that we do not know may be personal.
  std::vector<std::string_view> kept;
  for_each_member<SessionData>([&kept](auto member) { kept.push_back(member.name); });
  std::erase_if(kept, [](auto name) {
    return name == "prompt" || name == "customerEmail" || name == "reference" ||
           name == "metadata" || name == "locale" || name == "recoveryUrl";
  });
  std::vector<MemberChange> changes;
  for (const MemberText& member : session->members) {
    const bool stays = std::ranges::find(kept, std::string_view(member.name)) != kept.end();
    if (!stays) changes.push_back({.name = member.name, .json = std::nullopt});
  }
  changes.push_back({.name = "prompt", .json = json_text("")});
  return splice_session(bytes, changes);
}

}  // namespace claimcheck
