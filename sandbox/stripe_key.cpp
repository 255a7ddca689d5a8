#include "sandbox/stripe_key.hpp"

#include <cstdint>

namespace claimcheck::sandbox {

namespace {

// The text ends at the first character that cannot be decoded, also at padding.
std::string base64_decoded(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::size_t six = alphabet.find(c);
    if (six == std::string_view::npos) break;
    bits = (bits << 6U) | static_cast<std::uint32_t>(six);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xFFU);
  }
  return bytes;
}

}  // namespace

std::string key_of(const HttpRequest& request) {
  constexpr std::string_view bearer = "Bearer ";
  constexpr std::string_view basic = "Basic ";
  const std::string* header = find_header(request.headers, "authorization");
  if (header == nullptr) return "";
  if (header->starts_with(bearer)) return header->substr(bearer.size());
  if (!header->starts_with(basic)) return "";
  const std::string user_and_password = base64_decoded(header->substr(basic.size()));
  return user_and_password.substr(0, user_and_password.find(':'));
}

std::string shortened_key(const std::string& key) {
  constexpr std::size_t shown_first = 8;
  constexpr std::size_t shown_last = 4;
  if (key.size() < shown_first + 2 * shown_last) return "****";
  return key.substr(0, shown_first) + "********************" + key.substr(key.size() - shown_last);
}

}  // namespace claimcheck::sandbox
