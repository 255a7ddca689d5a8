// Readers for the settings that screen prompts before a payment: the list of words, and the shop's
// hook; and of what follows when a generator refuses a paid one. Rows of the settings table
// (settings.cpp). An error repeats neither a secret nor a word of the list. Whether they fit
// together is checked when all are read.
#pragma once

#include "config/settings.hpp"

#include <string_view>

namespace claimcheck {

ReadOutcome read_screening_words(std::string_view text, Config& config);
ReadOutcome read_screening_url(std::string_view text, Config& config);
ReadOutcome read_screening_secret(std::string_view text, Config& config);
ReadOutcome read_screening_timeout(std::string_view text, Config& config);
ReadOutcome read_screening_silent(std::string_view text, Config& config);
ReadOutcome read_prompt_edits(std::string_view text, Config& config);
ReadOutcome read_prompt_edit_time(std::string_view text, Config& config);

}  // namespace claimcheck
