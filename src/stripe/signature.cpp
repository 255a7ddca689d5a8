#include "stripe/signature.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace claimcheck::stripe {

namespace {

struct Header {
  std::string_view time;
  std::vector<std::string_view> signatures;
};

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_signature(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::ranges::all_of(text, hex);
}

// Nothing = malformed. Entries of other schemes are ignored, so they cannot weaken the check.
std::optional<Header> parse(std::string_view text) {
  Header header;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view entry = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = entry.substr(0, equals);
    const std::string_view value = entry.substr(equals + 1);
    if (name == "t") {
      // With two times, a sender could sign one and this code could compare the other.
      if (!header.time.empty() || !is_digits(value)) return std::nullopt;
      header.time = value;
    } else if (name == "v1" && is_signature(value)) {
      header.signatures.push_back(value);
    }
  }
  if (header.time.empty() || header.signatures.size() > signatures_max) return std::nullopt;
  return header;
}

bool blank(const Secret& secret) {
  return secret.reveal().find_first_not_of(" \t\r\n") == std::string::npos;
}

bool any_match(const Header& header, std::string_view body, const std::vector<Secret>& secrets) {
  const std::string message = fmt::format("{}.{}", header.time, body);
  bool match = false;
  for (const Secret& secret : secrets) {
    // Anybody can compute a signature with an empty secret.
    if (blank(secret)) continue;
    const std::string expected = hmac_sha256_hex(secret.reveal(), message);
    // No early end: the duration must not show which one matched.
    for (const std::string_view given : header.signatures) match |= same_text(expected, given);
  }
  return match;
}

}  // namespace

const char* to_string(SignatureCheck check) {
  switch (check) {
    case SignatureCheck::good: return "good";
    case SignatureCheck::no_header: return "no_header";
    case SignatureCheck::malformed: return "malformed";
    case SignatureCheck::no_signature: return "no_signature";
    case SignatureCheck::no_match: return "no_match";
    case SignatureCheck::too_old: return "too_old";
    case SignatureCheck::in_future: return "in_future";
  }
  return "unknown";
}

SignatureCheck check_signature(std::string_view header, std::string_view body,
                               const std::vector<Secret>& secrets, Time now) {
  if (header.empty()) return SignatureCheck::no_header;
  // Before any parsing: anybody can send a long header.
  if (header.size() > signature_header_bytes_max) return SignatureCheck::malformed;
  const std::optional<Header> parsed = parse(header);
  if (!parsed) return SignatureCheck::malformed;
  if (parsed->signatures.empty()) return SignatureCheck::no_signature;
  if (!any_match(*parsed, body, secrets)) return SignatureCheck::no_match;
  // The time is read after the signature, when it can be believed. One that does not fit the type
  // is far in the future.
  std::int64_t signed_at = 0;
  const auto end = parsed->time.data() + parsed->time.size();
  if (std::from_chars(parsed->time.data(), end, signed_at).ec != std::errc()) {
    return SignatureCheck::in_future;
  }
  const std::int64_t now_s = to_unix_s(now);
  if (signed_at < now_s - signature_age_max.count()) return SignatureCheck::too_old;
  if (signed_at > now_s + signature_age_max.count()) return SignatureCheck::in_future;
  return SignatureCheck::good;
}

std::string sign(std::string_view body, const std::vector<Secret>& secrets, Time now) {
  std::string header = fmt::format("t={}", to_unix_s(now));
  const std::string message = fmt::format("{}.{}", to_unix_s(now), body);
  for (const Secret& secret : secrets) {
    header += ",v1=" + hmac_sha256_hex(secret.reveal(), message);
  }
  return header;
}

}  // namespace claimcheck::stripe
