#include "store/session_text.hpp"

#include "base/json.hpp"
#include "store/session_value.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <optional>

namespace claimcheck {

namespace {

constexpr std::string_view white_space = " \t\r\n";

// A handler for the parser that wants nothing of the document: only whether it is JSON.
struct AnyJson {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Text = boost::json::string_view;
  using Code = boost::system::error_code;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_object_end(std::size_t, Code&) { return true; }
  bool on_string_part(Text, std::size_t, Code&) { return true; }
  bool on_string(Text, std::size_t, Code&) { return true; }
  bool on_key_part(Text, std::size_t, Code&) { return true; }
  bool on_key(Text, std::size_t, Code&) { return true; }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code&) { return true; }
  bool on_uint64(std::uint64_t, Text, Code&) { return true; }
  bool on_double(double, Text, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }
};

boost::system::error_code flaw_of(std::string_view text, const boost::json::parse_options& rules) {
  boost::json::basic_parser<AnyJson> parser(rules);
  boost::system::error_code flaw;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), flaw);
  if (!flaw && read < text.size()) flaw = boost::json::error::extra_data;
  return flaw;
}

// These three get JSON that was read before, so every string and value has its end.

std::size_t string_end(std::string_view text, std::size_t at) {
  for (at = text.find_first_of("\"\\", at + 1); text[at] != '"';) {
    at = text.find_first_of("\"\\", at + 2);
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

std::string name_of_member(std::string_view spelled) {
  const std::string_view inside = spelled.substr(1, spelled.size() - 2);
  if (!inside.contains('\\')) return std::string(inside);
  return std::string(parse_stored_json(spelled)->get_string());
}

// `at` is behind the opening brace or a comma; afterwards on the next comma or closing brace.
MemberText cut_member(std::string_view text, std::size_t& at) {
  const std::size_t name_at = text.find_first_not_of(white_space, at);
  const std::size_t name_end = string_end(text, name_at);
  const std::size_t value_at = text.find_first_not_of(white_space, text.find(':', name_end) + 1);
  const std::size_t behind = value_end(text, value_at);
  const std::size_t end = text.find_first_not_of(white_space, behind);
  MemberText member{.name = name_of_member(text.substr(name_at, name_end - name_at)),
                    .before = text.substr(at, value_at - at),
                    .value = text.substr(value_at, behind - value_at),
                    .after = text.substr(behind, end - behind)};
  at = end;
  return member;
}

}  // namespace

SessionText SessionText::cut(std::string_view bytes) {
  std::size_t at = bytes.find('{');
  SessionText text;
  text.before = bytes.substr(0, at + 1);
  const std::size_t first = bytes.find_first_not_of(white_space, at + 1);
  if (bytes[first] == '}') at = first;  // no member, so no order either
  while (bytes[at] != '}') text.members.push_back(cut_member(bytes, ++at));
  text.behind = bytes.substr(at);
  return text;
}

Result<SessionText> SessionText::read(std::string_view bytes) {
  if (bytes.empty()) return not_an_order("empty");
  if (const auto flaw = flaw_of(bytes, stored_json_rules())) {
    return not_an_order("not JSON: " + flaw.message());
  }
  const char first = bytes[bytes.find_first_not_of(white_space)];
  if (first == '"') return not_an_order("a JSON text, maybe encoded twice");
  if (first != '{') return not_an_order("not a JSON object");
  SessionText text = cut(bytes);
  const Result<void> checked = text.check();
  if (!checked) return fail(checked);
  return text;
}

Result<void> SessionText::check() const {
  std::vector<std::string_view> names;
  std::optional<double> schema;
  for (const MemberText& member : members) {
    names.push_back(member.name);
    if (member.name != "schema") continue;
    const auto value = parse_stored_json(member.value);
    schema = value ? stored_number(*value) : std::nullopt;
  }
  return check_members(names, schema);
}

MemberText* SessionText::find(std::string_view name) {
  const auto last = std::find_if(members.rbegin(), members.rend(),
                                 [name](const MemberText& one) { return one.name == name; });
  return last == members.rend() ? nullptr : &*last;
}

std::string SessionText::print() const {
  std::size_t size = before.size() + behind.size();
  for (const MemberText& one : members) {
    size += one.before.size() + one.value.size() + one.after.size() + 1;
  }
  std::string text;
  text.reserve(size);
  text += before;
  for (const MemberText& one : members) {
    if (&one != members.data()) text += ',';
    text.append(one.before).append(one.value).append(one.after);
  }
  return text += behind;
}

bool is_strict_json(std::string_view text, std::size_t depth_max) {
  boost::json::parse_options rules = stored_json_rules();
  rules.allow_invalid_utf16 = false;
  rules.max_depth = depth_max;
  return !flaw_of(text, rules);
}

}  // namespace claimcheck
