// WordList: words and phrases that a shop takes no order for, one a line; an empty line and one
// that begins with `#` say nothing. A phrase is found in a prompt whatever the case of the letters,
// with any white space between its words, and only as a whole: where it begins or ends with a
// letter or a digit, no other one may stand beside it there. Scripts that are written without
// spaces have no such borders. Case and letters are those of the C library's C.UTF-8: one letter
// for one, so that "ss" is not "ß". Invisible characters count for nothing. Not covered: other
// spellings of the same letter (composed and decomposed, of another script), and letters replaced
// by digits. Pure.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr std::size_t screening_words_max = 10'000;
inline constexpr std::size_t screening_phrase_bytes_max = 200;
inline constexpr std::size_t screening_words_bytes_max = 1024 * 1024;  // of the whole text

class WordList {
 public:
  // Errors: invalid, with the number of the line and never its text.
  static Result<WordList> parse(std::string_view text);

  bool empty() const { return phrases_.empty(); }
  std::size_t size() const { return phrases_.size(); }
  // Does the prompt, valid UTF-8, have one of them?
  bool found_in(std::string_view prompt) const;

 private:
  bool begins_at(const std::u32string& text, std::size_t at) const;

  std::vector<std::u32string> phrases_;  // folded, sorted, each once
};

}  // namespace claimcheck
