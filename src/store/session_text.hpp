// SessionText: a session value as it stands in Redis, cut at its top-level commas. Its members are
// views of that text: nothing is copied, and a long prompt is only looked through. It accepts what
// parse_session() accepts, with the same words for what it refuses. Internal to src/store.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// One member with the white space around it: everything between two commas.
struct MemberText {
  std::string name;         // as JSON reads it; the text may spell it with escapes
  std::string_view before;  // white space, the name as it is spelled, the colon
  std::string_view value;
  std::string_view after;  // white space
};

struct SessionText {
  std::string_view before;  // the opening brace
  std::vector<MemberText> members;
  std::string_view behind;  // the closing brace

  // Errors: unreadable. `bytes` must outlive the result.
  static Result<SessionText> read(std::string_view bytes);
  // The same of bytes that were read before.
  static SessionText cut(std::string_view bytes);

  // Of members with one name the last, which is the one that readers see; null = there is none.
  MemberText* find(std::string_view name);
  // Why these members are no order of ours. Errors: unreadable.
  Result<void> check() const;
  std::string print() const;
};

// JSON that is nested at most so deep, with whole surrogate pairs.
bool is_strict_json(std::string_view text, std::size_t depth_max);

}  // namespace claimcheck
