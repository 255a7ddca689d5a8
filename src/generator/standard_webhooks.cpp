#include "generator/standard_webhooks.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace claimcheck {

namespace {

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// The bytes of one secret; nothing = it is none.
std::optional<std::string> key_of(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) return std::nullopt;
  std::string text(secret.substr(prefix.size()));
  // Some consoles show it without its padding.
  if (!text.ends_with('=')) text.append((4 - text.size() % 4) % 4, '=');
  std::optional<std::string> key = from_base64(text);
  if (!key || key->size() < callback_secret_bytes_min) return std::nullopt;
  return key;
}

std::string message_of(std::string_view id, std::string_view at, std::string_view body) {
  return fmt::format("{}.{}.{}", id, at, body);
}

// Null = the header is not there exactly once, is empty or too long.
const std::string* only_header(const HttpRequest& request, std::string_view name) {
  const std::string* header = find_header(request.headers, name);
  if (header == nullptr || count_headers(request.headers, name) != 1) return nullptr;
  return header->empty() || header->size() > callback_header_bytes_max ? nullptr : header;
}

bool any_match(std::string_view signatures, std::string_view message,
               const std::vector<std::string>& keys) {
  constexpr std::string_view version = "v1,";
  bool match = false;
  for (const std::string& key : keys) {
    const std::string expected = hmac_sha256_base64(key, message);
    for (const std::string_view given : parts_of(signatures, ' ')) {
      // Other versions are ignored, so they cannot weaken the check. No early end: the duration
      // must not show which one matched.
      if (given.starts_with(version)) match |= same_text(expected, given.substr(version.size()));
    }
  }
  return match;
}

bool is_now(std::string_view timestamp, Time now) {
  std::int64_t signed_at = 0;
  const char* const end = timestamp.data() + timestamp.size();
  const auto [stop, error] = std::from_chars(timestamp.data(), end, signed_at);
  if (error != std::errc() || stop != end || signed_at < 0) return false;
  const std::int64_t now_s = to_unix_s(now);
  return signed_at >= now_s - callback_age_max.count() &&
         signed_at <= now_s + callback_age_max.count();
}

}  // namespace

bool is_callback_secret(const Secret& secret) {
  const std::vector<std::string_view> parts = parts_of(secret.reveal(), ',');
  return !parts.empty() && std::ranges::all_of(parts, [](auto part) { return !!key_of(part); });
}

Result<void> check_standard_webhook(const HttpRequest& request, const Secret& secret, Time now) {
  std::vector<std::string> keys;
  for (const std::string_view part : parts_of(secret.reveal(), ',')) {
    if (std::optional<std::string> key = key_of(part)) keys.push_back(std::move(*key));
  }
  if (keys.empty()) return fail(Errc::unavailable, "there is no secret to verify callbacks with");
  const std::string* id = only_header(request, "webhook-id");
  const std::string* at = only_header(request, "webhook-timestamp");
  const std::string* signatures = only_header(request, "webhook-signature");
  if (id == nullptr || at == nullptr || signatures == nullptr) {
    return fail(Errc::forbidden, "the callback has no signature");
  }
  if (!any_match(*signatures, message_of(*id, *at, request.body), keys)) {
    return fail(Errc::forbidden, "the callback's signature is wrong");
  }
  // Read after the signature, when it can be believed.
  if (!is_now(*at, now)) return fail(Errc::forbidden, "the callback was not signed now");
  return {};
}

std::string sign_standard_webhook(std::string_view id, Time at, std::string_view body,
                                  const Secret& secret) {
  const std::string message = message_of(id, fmt::format("{}", to_unix_s(at)), body);
  std::string header;
  for (const std::string_view part : parts_of(secret.reveal(), ',')) {
    const std::optional<std::string> key = key_of(part);
    if (!key) continue;
    header += (header.empty() ? "v1," : " v1,") + hmac_sha256_base64(*key, message);
  }
  return header;
}

}  // namespace claimcheck
