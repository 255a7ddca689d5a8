// Reads STRIPE_PRICE_IDS: what is for sale, and which tools a price buys. A row of the settings
// table (settings.cpp). Whether the tools exist is checked when all settings are read, since a file
// may still define them.
#pragma once

#include "config/settings.hpp"

#include <string_view>

namespace claimcheck {

ReadOutcome read_prices(std::string_view text, Config& config);

}  // namespace claimcheck
