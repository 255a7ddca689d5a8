// Readers for the settings of Stripe: key, account, the webhooks' secrets and the pace of calls.
// Rows of the settings table (settings.cpp). An error never repeats a secret.
#pragma once

#include "config/settings.hpp"

#include <string_view>

namespace claimcheck {

ReadOutcome read_stripe_key(std::string_view text, Config& config);
ReadOutcome read_stripe_account(std::string_view text, Config& config);
ReadOutcome read_webhook_secrets(std::string_view text, Config& config);
ReadOutcome read_stripe_pace(std::string_view text, Config& config);

}  // namespace claimcheck
