#include "net/smtp/mail.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

// A character that may be in an address without quotes.
bool is_atom_char(char c) {
  constexpr std::string_view others = ".!#$%&'*+-/=?^_`{|}~";
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric || others.find(c) != std::string_view::npos;
}

// Encoded words of whole characters, each short enough for a header line.
std::string encode(std::string_view text) {
  // The bytes of one word. With it a line has at most the 76 characters of RFC 2047, including the
  // header's name ("Reply-To: ").
  constexpr std::size_t bytes_max = 39;
  std::string words;
  while (!text.empty()) {
    std::size_t end = std::min(bytes_max, text.size());
    while (end > 1 && end < text.size() && continues_character(text[end])) --end;
    if (!words.empty()) words += "\r\n ";
    words += fmt::format("=?UTF-8?B?{}?=", to_base64(text.substr(0, end)));
    text.remove_prefix(end);
  }
  return words;
}

std::string mailbox(const MailAddress& from) {
  if (from.name.empty()) return from.address;
  const bool plain = std::ranges::all_of(
      from.name, [](char c) { return is_printable(c) && c != '"' && c != '\\'; });
  if (plain) return fmt::format("\"{}\" <{}>", from.name, from.address);
  return fmt::format("{}\r\n <{}>", encode(from.name), from.address);
}

}  // namespace

bool is_mail_address(std::string_view text) {
  constexpr std::size_t length_max = 254;
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.size() > length_max) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  return !local.empty() && !domain.empty() && domain.front() != '.' && local.front() != '-' &&
         std::ranges::all_of(local, is_atom_char) && std::ranges::all_of(domain, [](char c) {
           return is_atom_char(c) &&
                  std::string_view("!#$%&'*+/=?^_`{|}~").find(c) == std::string_view::npos;
         });
}

std::optional<MailAddress> read_mail_address(std::string_view text) {
  MailAddress read;
  if (const std::size_t open = text.find('<'); open != std::string_view::npos) {
    if (!text.ends_with('>')) return std::nullopt;
    std::string_view name = text.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    read.name = name;
    text = text.substr(open + 1, text.size() - open - 2);
  }
  read.address = text;
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
  if (!is_mail_address(text) || std::ranges::any_of(read.name, control)) return std::nullopt;
  return read;
}

std::string encoded_words(std::string_view text) {
  // A plain text with "=?" would be decoded by the reader, and could then show something else.
  const bool looks_encoded = text.find("=?") != std::string_view::npos;
  const bool plain = std::ranges::all_of(text, is_printable) && !looks_encoded;
  return plain ? std::string(text) : encode(text);
}

std::vector<std::string> header_lines(const Mail& mail) {
  std::string date = to_http_date(mail.date);
  date.replace(date.size() - 3, 3, "+0000");  // mail has no GMT
  std::string further;
  for (const std::string& one : mail.also_to) further += fmt::format(",\r\n <{}>", one);
  std::vector<std::string> lines = {"Date: " + date,
                                    "From: " + mailbox(mail.from),
                                    fmt::format("To: <{}>{}", mail.to, further),
                                    "Subject: " + encoded_words(mail.subject),
                                    fmt::format("Message-ID: <{}>", mail.message_id),
                                    "Content-Language: " + mail.language,
                                    "Auto-Submitted: auto-generated"};
  if (mail.reply_to) lines.push_back("Reply-To: " + mailbox(*mail.reply_to));
  return lines;
}

}  // namespace claimcheck
