#include "config/guard_settings.hpp"

#include "base/crypto.hpp"
#include "net/http/http.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

ReadOutcome read_bounded(std::string_view text, Duration& value) {
  constexpr Duration least = std::chrono::seconds(1);
  constexpr Duration most = std::chrono::hours(24);
  const auto read = parse_duration(text);
  if (!read) return std::unexpected(read.error());
  if (*read < least || *read > most) return bad("must be from 1s to 24h");
  value = *read;
  return {};
}

}  // namespace

// The form of Standard Webhooks, so that a shop can sign with one of its libraries.
ReadOutcome read_shop_keys(std::string_view text, Config& config) {
  constexpr std::string_view prefix = "whsec_";
  std::vector<Secret> keys;
  for (const std::string& secret : split_list(text)) {
    std::optional<std::string> key;
    if (secret.starts_with(prefix)) key = from_base64(secret.substr(prefix.size()));
    if (!key || key->size() < shop_key_bytes_min || key->size() > shop_key_bytes_max) {
      return bad(fmt::format("must be whsec_ and {} to {} bytes in base64; two with a comma",
                             shop_key_bytes_min, shop_key_bytes_max));
    }
    keys.emplace_back(std::move(*key));
  }
  if (keys.size() > shop_keys_max) return bad("must be two at the most");
  config.shop_keys = std::move(keys);
  return {};
}

ReadOutcome read_turnstile_secret(std::string_view text, Config& config) {
  config.turnstile.secret = Secret(std::string(text));
  return {};
}

ReadOutcome read_turnstile_url(std::string_view text, Config& config) {
  config.turnstile.url = web_address(text);
  if (config.turnstile.url.empty()) return bad("must begin with https:// or http://");
  return {};
}

ReadOutcome read_pause_declines(std::string_view text, Config& config) {
  return read_number(text, 0, declines_kept_max, config.store.declines.declines);
}

ReadOutcome read_pause_window(std::string_view text, Config& config) {
  return read_bounded(text, config.store.declines.window);
}

ReadOutcome read_pause_quiet(std::string_view text, Config& config) {
  return read_bounded(text, config.store.declines.quiet);
}

}  // namespace claimcheck
