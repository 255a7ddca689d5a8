#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace claimcheck {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Control characters; marks and brackets that turn the direction of a line; line ends; characters
// that show as nothing. The joiners (U+200C, U+200D) are not in the list: some languages and emoji
// need them.
constexpr std::array<Range, 9> spelled_out = {{{0x00, 0x1F},
                                               {0x7F, 0x9F},
                                               {0x061C, 0x061C},
                                               {0x200E, 0x200F},
                                               {0x2028, 0x202E},
                                               {0x2066, 0x206F},
                                               {0xFEFF, 0xFEFF},
                                               {0xFFF9, 0xFFFD},
                                               {0xE0000, 0xE007F}}};

struct Character {
  char32_t code = 0xFFFD;
  std::size_t bytes = 1;
};

// The first character of a text that is not empty. A byte that begins no character is U+FFFD.
Character first_of(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {.code = lead, .bytes = 1};
  std::size_t bytes = 0;
  if (lead >= 0xC2 && lead <= 0xDF) bytes = 2;
  if (lead >= 0xE0 && lead <= 0xEF) bytes = 3;
  if (lead >= 0xF0 && lead <= 0xF4) bytes = 4;
  if (bytes == 0 || bytes > text.size()) return {};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  // An overlong form would hide a control character from the check below.
  if (code < least[bytes] || surrogate || code > 0x10FFFF) return {};
  return {.code = code, .bytes = bytes};
}

bool is_spelled_out(char32_t code) {
  const auto holds = [code](const Range& range) {
    return code >= range.first && code <= range.last;
  };
  return std::ranges::any_of(spelled_out, holds);
}

// As JSON escapes it: a code above 16 bits takes two escapes.
void spell(char32_t code, std::string& into) {
  const auto out = std::back_inserter(into);
  if (code <= 0xFFFF) {
    fmt::format_to(out, "\\u{:04x}", static_cast<unsigned>(code));
    return;
  }
  const auto beyond = static_cast<unsigned>(code - 0x10000);
  fmt::format_to(out, "\\u{:04x}\\u{:04x}", 0xD800 + (beyond >> 10U), 0xDC00 + (beyond & 0x3FFU));
}

}  // namespace

std::string lowercase(std::string_view text) {
  std::string copy(text);
  for (char& c : copy) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return copy;
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Character next = first_of(text);
    if (is_spelled_out(next.code)) {
      spell(next.code, shown);
    } else {
      shown += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes);
  }
  return shown;
}

std::string printable_json(std::string_view text) {
  std::string line(text);
  // Spelled as escapes outside of strings they would break the JSON.
  std::ranges::replace_if(line, [](char c) { return c >= 0 && c < ' '; }, ' ');
  return printable(line);
}

}  // namespace claimcheck
