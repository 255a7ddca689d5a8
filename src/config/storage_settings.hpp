// Readers for the settings of the storage that keeps results. Rows of the settings table
// (settings.cpp). An error never repeats the secret.
#pragma once

#include "config/settings.hpp"

#include <string_view>

namespace claimcheck {

ReadOutcome read_storage_url(std::string_view text, Config& config);
ReadOutcome read_storage_key_id(std::string_view text, Config& config);
ReadOutcome read_storage_secret(std::string_view text, Config& config);
ReadOutcome read_storage_region(std::string_view text, Config& config);
ReadOutcome read_storage_prefix(std::string_view text, Config& config);
ReadOutcome read_storage_public_url(std::string_view text, Config& config);
ReadOutcome read_storage_link_life(std::string_view text, Config& config);
ReadOutcome read_storage_days(std::string_view text, Config& config);
ReadOutcome read_storage_result_max(std::string_view text, Config& config);

// A URL needs a key, and a key a URL.
void check_storage(const Config& config, ConfigErrors& errors);

}  // namespace claimcheck
