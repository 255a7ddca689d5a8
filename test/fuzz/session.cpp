// What lies under session:<id>, where other programs write as well. The records are the value and
// then changes of it: a name, and JSON or "-" for its removal.
#include "base/assert.hpp"
#include "base/json.hpp"
#include "store/codec.hpp"
#include "store/session_value.hpp"
#include "targets.hpp"

#include <utility>

namespace claimcheck::fuzz {

namespace {

// All that differs is one stretch of `before`, which is `text` now.
bool only_became(std::string_view before, std::string_view after, std::string_view text) {
  for (std::size_t at = after.find(text); at != after.npos; at = after.find(text, at + 1)) {
    const std::string_view left = after.substr(0, at);
    const std::string_view right = after.substr(at + text.size());
    const bool fits = left.size() + right.size() <= before.size();
    if (fits && before.starts_with(left) && before.ends_with(right)) return true;
  }
  return false;
}

void try_change(const std::string& value, const MemberChange& change) {
  const Result<std::string> changed = splice_session(value, {change});
  if (!changed) ENSURE(changed.error().code == Errc::invalid);
  if (!changed) return;
  ENSURE(decode_session(*changed).has_value());
  boost::json::object expected = parse_session(value).value();
  const bool was_there = expected.contains(change.name);
  if (change.json) expected[change.name] = parse_stored_json(*change.json).value();
  if (!change.json) expected.erase(change.name);
  ENSURE(parse_session(*changed).value() == expected);
  if (change.json) ENSURE(only_became(value, *changed, *change.json) || !was_there);
  if (change.json && !was_there) ENSURE(splice_session(*changed, {{change.name, {}}}) == value);
  if (!change.json && !was_there) ENSURE(*changed == value);
}

void try_session(const std::string& value, const std::vector<MemberChange>& changes) {
  Result<SessionData> session = decode_session(value);
  const Result<std::string> same = splice_session(value, {});
  ENSURE(session.has_value() == same.has_value());
  if (!session) ENSURE(session.error().code == Errc::unreadable);
  if (!session) return;
  ENSURE(*same == value);
  for (const auto& [name, json] : std::exchange(session->halves, {})) {
    ENSURE(value.contains(json) && parse_stored_json(json).value().is_string());
  }
  ENSURE(decode_session(encode_session(*session)) == *session);
  Result<SessionAroundPrompt> around = decode_around_prompt(value);
  ENSURE(around.has_value() && value.contains(around->prompt));
  around->session.halves.clear();
  around->session.prompt = session->prompt;
  ENSURE(around->session == *session);
  for (const MemberChange& change : changes) try_change(value, change);
  try_change(value, {"files", json_files({{.fileId = "f"}})});
  const Result<std::string> all = splice_session(value, changes);
  ENSURE(!all || decode_session(*all).has_value());
}

}  // namespace

void fuzz_session(std::string_view bytes) {
  const std::vector<std::string> texts = records(bytes);
  std::vector<MemberChange> changes;
  for (std::size_t i = 1; i + 1 < texts.size() && i < 16; i += 2) {
    changes.push_back({texts[i], texts[i + 1]});
    if (texts[i + 1] == "-") changes.back().json.reset();
  }
  try_session(texts[0], changes);
}

}  // namespace claimcheck::fuzz
