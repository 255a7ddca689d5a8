// Text as bytes, without a locale: names and words that protocols compare without regard to case
// (by the rules of ASCII; what is not ASCII stays as it is), and words of others made fit to be
// printed in a terminal or a log. Pure.
#pragma once

#include <string>
#include <string_view>

namespace claimcheck {

std::string lowercase(std::string_view text);

// Characters that a terminal obeys, that turn the direction of a line, end it or hide are spelled
// as JSON escapes them (\u001b), and so is whatever is no UTF-8 (\ufffd).
std::string printable(std::string_view text);
// The same for a document, which stays the JSON that it was. In JSON, control characters stand
// between the values alone; they become spaces, so it is one line.
std::string printable_json(std::string_view text);

}  // namespace claimcheck
