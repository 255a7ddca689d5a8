// What stands in the mails to buyers: phrases of five languages (mail/*.txt, embedded), one line
// each, and one page for HTML (mail/mail.html). Both forms of a mail are made of the same phrases.
// "{name}" in a phrase is replaced by a value; in HTML every value is escaped.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace claimcheck {

using Phrases = std::map<std::string, std::string, std::less<>>;
using Values = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view mail_language_default = "en";
// "pt-BR", "ru", "": the language of ours that serves it best.
std::string_view mail_language(std::string_view locale);
// The languages that there are, for tests and checks.
std::span<const std::string_view> mail_languages();
const Phrases& phrases_in(std::string_view language);
std::string_view mail_page();

// Every "{name}" that has a value; others stay.
std::string filled(std::string_view text, const Values& values);
std::string escaped_html(std::string_view text);

}  // namespace claimcheck
