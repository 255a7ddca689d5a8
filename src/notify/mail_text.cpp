#include "notify/mail_text.hpp"

#include "base/assert.hpp"
#include "embedded/mail.hpp"

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

constexpr std::array<std::string_view, 5> languages = {"en", "ru", "tr", "es", "hi"};

std::string_view embedded_text(std::string_view name) {
  for (const auto& file : embedded::mail_files) {
    if (file.name == name) return file.body;
  }
  return {};
}

// "key: text". A line that begins with two spaces continues the one before.
Phrases read_phrases(std::string_view text) {
  Phrases phrases;
  auto last = phrases.end();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("  ")) {
      last->second += line.substr(1);
      continue;
    }
    // The first colon ends the key; a text may hold further ones.
    const std::size_t colon = line.find(": ");
    // The files are ours and part of the binary, so a mistake in them ends the process in the first
    // test.
    ENSURE(colon != std::string_view::npos);
    last = phrases.emplace(line.substr(0, colon), line.substr(colon + 2)).first;
  }
  return phrases;
}

std::map<std::string_view, Phrases> read_all() {
  std::map<std::string_view, Phrases> all;
  for (const std::string_view language : languages) {
    all[language] = read_phrases(embedded_text(std::string(language) + ".txt"));
    // A language without its file would fail only at the first buyer who speaks it.
    ENSURE(!all[language].empty());
  }
  return all;
}

}  // namespace

std::string_view mail_language(std::string_view locale) {
  // The region is dropped: `pt-BR` and `pt` are served alike.
  const std::string_view wanted = locale.substr(0, std::min(locale.find('-'), locale.size()));
  const auto found = std::ranges::find(languages, wanted);
  return found == languages.end() ? mail_language_default : *found;
}

std::span<const std::string_view> mail_languages() { return languages; }

const Phrases& phrases_in(std::string_view language) {
  // Read once, at the first mail: a server without mails does not pay for it.
  static const std::map<std::string_view, Phrases> all = read_all();
  return all.at(language);
}

std::string_view mail_page() { return embedded_text("mail.html"); }

std::string filled(std::string_view text, const Values& values) {
  std::string result;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    result += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    const auto value = close == std::string_view::npos || text.empty()
                           ? values.end()
                           : values.find(text.substr(1, close - 1));
    // Without a value only the brace is passed over, so a later name in the same text is still
    // found.
    const std::size_t taken =
        value == values.end() ? std::min<std::size_t>(1, text.size()) : close + 1;
    result += value == values.end() ? text.substr(0, taken) : std::string_view(value->second);
    text.remove_prefix(taken);
  }
  return result;
}

std::string escaped_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    // The quotes too: values are used in attributes as well as in text.
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

}  // namespace claimcheck
