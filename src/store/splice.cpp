// Changing a session value without printing it again: the text is cut at its top-level commas,
// the named members get another value, everything else is put back as it was.
#include "base/json.hpp"
#include "store/codec.hpp"
#include "store/members.hpp"
#include "store/session_value.hpp"

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

constexpr std::string_view white_space = " \t\r\n";

// One member with the white space around it: everything between two commas.
struct Piece {
  std::string name;
  std::string before;  // white space, the name as it is spelled, the colon
  std::string value;
  std::string after;  // white space
};

// These three get JSON that was parsed before, so every string and value has its end.

std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

std::size_t value_end(std::string_view text, std::size_t at) {
  if (text[at] == '"') return string_end(text, at);
  if (text[at] != '{' && text[at] != '[') return text.find_first_of(",} \t\r\n", at);
  int depth = 0;
  do {
    const char c = text[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = c == '"' ? string_end(text, at) : at + 1;
  } while (depth > 0);
  return at;
}

// `at` is behind the opening brace or a comma; afterwards on the next comma or closing brace.
Piece cut(std::string_view text, std::size_t& at) {
  const std::size_t name_at = text.find_first_not_of(white_space, at);
  const std::size_t colon = text.find(':', string_end(text, name_at));
  const std::size_t value_at = text.find_first_not_of(white_space, colon + 1);
  const std::size_t behind = value_end(text, value_at);
  const std::size_t end = text.find_first_not_of(white_space, behind);
  // The name may be spelled with escapes; only its parsed form can be compared.
  const auto name = parse_stored_json(text.substr(name_at, string_end(text, name_at) - name_at));
  Piece piece{.name = std::string(name->get_string()),
              .before = std::string(text.substr(at, value_at - at)),
              .value = std::string(text.substr(value_at, behind - value_at)),
              .after = std::string(text.substr(behind, end - behind))};
  at = end;
  return piece;
}

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

void apply(const MemberChange& change, std::vector<Piece>& pieces) {
  const auto is_named = [&](const Piece& piece) { return piece.name == change.name; };
  if (!change.json) {
    std::erase_if(pieces, is_named);
    return;
  }
  // Of members with one name the last is the one that readers see.
  const auto last = std::find_if(pieces.rbegin(), pieces.rend(), is_named);
  if (last != pieces.rend()) {
    last->value = *change.json;
  } else {
    pieces.push_back({.name = change.name,
                      .before = json::print(std::string_view(change.name)) + ':',
                      .value = *change.json,
                      .after = ""});
  }
}

}  // namespace

Result<std::string> splice_session(std::string_view bytes,
                                   const std::vector<MemberChange>& changes) {
  const Result<boost::json::object> session = parse_session(bytes);
  if (!session) return fail(session);
  // Checked before anything is cut: a text that is not JSON could change its neighbours.
  for (const MemberChange& change : changes) {
    if (change.json && !json::parse(*change.json)) {
      return fail(Errc::invalid, "the new value of a session member is not JSON");
    }
  }

  std::size_t at = bytes.find('{');
  std::string text(bytes.substr(0, at));
  std::vector<Piece> pieces;
  while (bytes[at] != '}') pieces.push_back(cut(bytes, ++at));
  const std::string_view tail = bytes.substr(at + 1);

  for (const MemberChange& change : changes) apply(change, pieces);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    text += i == 0 ? '{' : ',';
    text += pieces[i].before + pieces[i].value + pieces[i].after;
  }
  text += '}';
  text += tail;

  // A change may also remove the members by which an order is recognized; then nothing is written.
  if (!parse_session(text)) return fail(Errc::invalid, "the change would leave no readable order");
  return text;
}

std::map<std::string, std::string, std::less<>> halves_of_pairs(std::string_view bytes) {
  std::map<std::string, std::string, std::less<>> halves;
  if (!has_half_a_pair(bytes)) return halves;
  std::size_t at = bytes.find('{');
  while (bytes[at] != '}') {
    Piece piece = cut(bytes, ++at);
    halves.erase(piece.name);  // of members with one name the last counts
    const bool half = piece.value.starts_with('"') && has_half_a_pair(piece.value);
    if (half) halves.emplace(std::move(piece.name), std::move(piece.value));
  }
  return halves;
}

Result<std::string> without_personal_data(std::string_view bytes) {
  const Result<boost::json::object> session = parse_session(bytes);
  if (!session) return fail(session);
  // A list of what stays, not of what goes: a member that we do not know may be personal.
  std::vector<std::string_view> kept;
  for_each_member<SessionData>([&kept](auto member) { kept.push_back(member.name); });
  std::erase_if(kept, [](auto name) {
    return name == "prompt" || name == "customerEmail" || name == "reference" ||
           name == "metadata" || name == "locale" || name == "recoveryUrl";
  });
  std::vector<MemberChange> changes;
  for (const auto& member : *session) {
    const bool stays = std::ranges::find(kept, std::string_view(member.key())) != kept.end();
    if (!stays) changes.push_back({.name = std::string(member.key()), .json = std::nullopt});
  }
  changes.push_back({.name = "prompt", .json = json_text("")});
  return splice_session(bytes, changes);
}

}  // namespace claimcheck
