// Text as bytes, without a locale. lowercase() is for names that protocols compare without regard
// to case, by the rules of ASCII: other bytes stay as they are. printable() makes foreign text safe
// to print in a terminal or a log. Pure.
#pragma once

#include <string>
#include <string_view>

namespace claimcheck {

std::string lowercase(std::string_view text);

// Characters that a terminal interprets, that turn or end a line, or that are invisible, are
// spelled as JSON escapes (\u001b). Bytes that are no UTF-8 become \ufffd.
std::string printable(std::string_view text);
// The same for a JSON document, which stays valid. In JSON, control characters are only
// between the values; they become spaces, so the result is one line.
std::string printable_json(std::string_view text);

}  // namespace claimcheck
