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
// The same for a document, which stays the JSON that it was. In JSON, control characters stand
// between the values alone; they become spaces, so it is one line.
std::string printable_json(std::string_view text);

}  // namespace claimcheck
