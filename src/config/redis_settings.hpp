// Readers for the settings of the connection to Redis. Rows of the settings table (settings.cpp).
// An error never repeats a part of the URL: it has the password.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

ReadOutcome read_redis_url(std::string_view text, Config& config);
ReadOutcome read_sentinel_user(std::string_view text, Config& config);
ReadOutcome read_sentinel_password(std::string_view text, Config& config);

template <std::string RedisTls::* member>
ReadOutcome read_redis_tls(std::string_view text, Config& config) {
  config.redis_tls.*member = text;
  return {};
}

// The files for TLS are readable, certificate and key are one pair, and all settings belong to the
// kind of address that REDIS_URL has.
void check_redis(const Config& config, ConfigErrors& errors);

}  // namespace claimcheck
