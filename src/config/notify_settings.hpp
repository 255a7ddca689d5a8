// Readers for the settings of notifications; rows of the settings table (settings.cpp). An error
// never repeats a secret. Whether the settings fit together is checked when all are read.
#pragma once

#include "config/settings.hpp"

#include <string_view>

namespace claimcheck {

// An address of the shop's own that gets what only the shop may read.
ReadOutcome read_shop_url(std::string_view text, std::string& url);
ReadOutcome read_notify_url(std::string_view text, Config& config);
ReadOutcome read_notify_secrets(std::string_view text, Config& config);
ReadOutcome read_smtp_url(std::string_view text, Config& config);
ReadOutcome read_mail_from(std::string_view text, Config& config);
ReadOutcome read_mail_reply_to(std::string_view text, Config& config);
ReadOutcome read_operator_mail(std::string_view text, Config& config);

}  // namespace claimcheck
