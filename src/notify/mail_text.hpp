// The messages to buyers: texts in five languages (mail/*.txt, embedded), one line each, and one
// page for HTML (mail/mail.html). Both forms of a mail are made from the same texts. A value
// replaces "{name}" in a text; in HTML every value is escaped.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace claimcheck {

using Phrases = std::map<std::string, std::string, std::less<>>;
using Values = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view mail_language_default = "en";
// "pt-BR", "ru", "": our language that fits best; the default if none does.
std::string_view mail_language(std::string_view locale);
// All languages, for tests and checks.
std::span<const std::string_view> mail_languages();
// For a result of mail_language(); any other language is our own mistake.
const Phrases& phrases_in(std::string_view language);
std::string_view mail_page();

// Replaces every "{name}" that has a value; the others stay as they are.
std::string filled(std::string_view text, const Values& values);
std::string escaped_html(std::string_view text);

}  // namespace claimcheck
