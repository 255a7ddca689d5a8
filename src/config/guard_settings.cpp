#include "config/guard_settings.hpp"

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

ReadOutcome read_shop_keys(std::string_view text, Config& config) {
  return read_signing_keys(text, config.shop_keys);
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
