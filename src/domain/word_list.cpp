#include "domain/word_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cwchar>
#include <cwctype>
#include <locale.h>
#include <utility>

namespace claimcheck {

namespace {

constexpr char32_t replacement = 0xFFFD;

// The C library's tables of Unicode; null = this system has none.
locale_t unicode() {
  static const locale_t tables = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return tables;
}

// wcwidth() knows only the locale of its thread.
class UnicodeHere {
 public:
  UnicodeHere() : before_(uselocale(unicode())) {}
  ~UnicodeHere() { uselocale(before_); }
  UnicodeHere(const UnicodeHere&) = delete;
  UnicodeHere& operator=(const UnicodeHere&) = delete;

 private:
  locale_t before_;
};

bool is_within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Soft hyphens, joiners, marks of direction, selectors of a glyph.
bool is_hidden(char32_t c) {
  return c == 0xAD || is_within(c, 0x200B, 0x200F) || is_within(c, 0x202A, 0x202E) ||
         is_within(c, 0x2060, 0x2064) || is_within(c, 0xFE00, 0xFE0F) || c == 0xFEFF;
}

// Thai to Khmer; Chinese and Japanese; their letters beyond the basic plane.
bool is_unspaced(char32_t c) {
  return is_within(c, 0x0E00, 0x0EFF) || is_within(c, 0x1000, 0x109F) ||
         is_within(c, 0x1780, 0x17FF) || is_within(c, 0x2E80, 0xA4CF) ||
         is_within(c, 0xF900, 0xFAFF) || is_within(c, 0x20000, 0x3FFFF);
}

// Also marks that stand on a letter: they take no room of their own.
bool is_of_word(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');  // folded
  const auto wide = static_cast<wint_t>(c);
  return std::iswalnum(wide) != 0 || wcwidth(static_cast<wchar_t>(c)) == 0;
}

bool is_space(char32_t c) {
  if (c < 0x80) return c <= ' ' || c == 0x7F;
  return std::iswspace(static_cast<wint_t>(c)) != 0 || c == 0xA0 || c == 0x202F;
}

// Upper case first: some small letters have one capital, as both Greek sigmas.
char32_t lower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  return static_cast<char32_t>(std::towlower(std::towupper(static_cast<wint_t>(c))));
}

// The character at `at`, which moves behind it. U+FFFD where there is none, as for its own text.
char32_t take_character(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  if (first < 0x80) return first;
  std::size_t more = 0;
  if (first >= 0xC2 && first <= 0xDF) more = 1;
  if (first >= 0xE0 && first <= 0xEF) more = 2;
  if (first >= 0xF0 && first <= 0xF4) more = 3;
  if (more == 0 || text.size() - at < more) return replacement;
  char32_t character = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80U) return replacement;
    character = (character << 6U) | (next & 0x3FU);
  }
  at += more;
  return character;
}

// As phrases and prompts are compared: small letters, nothing hidden, one space between words.
std::u32string folded(std::string_view text) {
  std::u32string result;
  result.reserve(text.size());
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = take_character(text, at);
    if (is_hidden(c)) continue;
    if (is_space(c)) {
      space = !result.empty();
      continue;
    }
    if (space) result += U' ';
    space = false;
    result += lower(c);
  }
  return result;
}

// No word goes over this place of the text.
bool is_border(const std::u32string& text, std::size_t at) {
  if (at == 0 || at == text.size()) return true;
  const char32_t before = text[at - 1];
  const char32_t after = text[at];
  if (is_unspaced(before) || is_unspaced(after)) return true;
  return !is_of_word(before) || !is_of_word(after);
}

std::unexpected<Error> bad_line(std::size_t number, std::string_view why) {
  return fail(Errc::invalid, fmt::format("line {}: {}", number, why));
}

}  // namespace

Result<WordList> WordList::parse(std::string_view text) {
  if (text.size() > screening_words_bytes_max) {
    return fail(Errc::invalid, fmt::format("is longer than {} bytes", screening_words_bytes_max));
  }
  if (unicode() == nullptr) {
    return fail(Errc::invalid, "needs the locale C.UTF-8, which this system does not have");
  }
  const UnicodeHere here;
  WordList list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.size() > screening_phrase_bytes_max) {
      return bad_line(number, fmt::format("is longer than {} bytes", screening_phrase_bytes_max));
    }
    std::u32string phrase = folded(line);
    if (phrase.empty() || phrase.front() == U'#') continue;
    if (phrase.contains(replacement)) return bad_line(number, "is not UTF-8");
    list.phrases_.push_back(std::move(phrase));
    if (list.phrases_.size() > screening_words_max) {
      return bad_line(number, fmt::format("is one more than {} phrases", screening_words_max));
    }
  }
  std::ranges::sort(list.phrases_);
  const auto [first, last] = std::ranges::unique(list.phrases_);
  list.phrases_.erase(first, last);
  return list;
}

bool WordList::found_in(std::string_view prompt) const {
  if (phrases_.empty()) return false;
  const UnicodeHere here;
  const std::u32string text = folded(prompt);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_border(text, at) && begins_at(text, at)) return true;
  }
  return false;
}

// Does a phrase stand there as a whole? Character by character the range of phrases that begin like
// the text gets smaller, so a long list costs hardly more than a short one.
bool WordList::begins_at(const std::u32string& text, std::size_t at) const {
  auto first = phrases_.begin();
  auto last = phrases_.end();
  for (std::size_t depth = 0; first != last; ++depth) {
    if (first->size() == depth) {  // sorted before those that go on
      if (is_border(text, at + depth)) return true;
      ++first;
    }
    if (at + depth == text.size()) return false;
    const char32_t next = text[at + depth];
    first = std::partition_point(first, last, [&](const auto& one) { return one[depth] < next; });
    last = std::partition_point(first, last, [&](const auto& one) { return one[depth] == next; });
  }
  return false;
}

}  // namespace claimcheck
