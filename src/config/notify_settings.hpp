// How the settings of notifications are read; rows of the settings table (settings.cpp). Each
// returns what is wrong, or nothing, and repeats no secret.
#pragma once

#include "config/config.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

std::string read_notify_url(std::string_view text, Config& config);
std::string read_notify_secrets(std::string_view text, Config& config);
std::string read_smtp_url(std::string_view text, Config& config);
std::string read_mail_from(std::string_view text, Config& config);
std::string read_mail_reply_to(std::string_view text, Config& config);

}  // namespace claimcheck
