// Readers for the settings that guard the checkout: the shop's key, Turnstile, and when declined
// cards pause it. Rows of the settings table (settings.cpp). An error never repeats a secret.
#pragma once

#include "config/settings.hpp"

#include <string_view>

namespace claimcheck {

ReadOutcome read_shop_keys(std::string_view text, Config& config);
ReadOutcome read_turnstile_secret(std::string_view text, Config& config);
ReadOutcome read_turnstile_url(std::string_view text, Config& config);
ReadOutcome read_pause_declines(std::string_view text, Config& config);
ReadOutcome read_pause_window(std::string_view text, Config& config);
ReadOutcome read_pause_quiet(std::string_view text, Config& config);

}  // namespace claimcheck
