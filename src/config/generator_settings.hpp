// Reads the tables [generator.<name>] of the file: which generators there are, their keys, and the
// models that the shop uses at each. A key may stand in the file or in an environment variable that
// the file names. Private to config.cpp and config_file.cpp.
#pragma once

#include "config/checkout_settings.hpp"
#include "config/config.hpp"
#include "config/settings.hpp"

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// `environment`: "NAME=value", as the system has it.
void read_generator_tables(const toml::node& node, const std::vector<std::string>& environment,
                           const TellWrong& wrong, Config& config);
// Rows of the settings table (settings.cpp).
ReadOutcome read_possible_doubles(std::string_view text, Config& config);
ReadOutcome read_fallback_after(std::string_view text, Config& config);
// "fal:fal-ai/veo3/fast": a generator and a model there.
std::expected<GeneratorChoice, BadText> parse_choice(std::string_view text);

// What is known only when all is read: every generator of a tool exists and its model offers what
// the tool sells. One line for each mistake.
void check_generators(const Config& config, ConfigErrors& errors);

// Does any tool that is for sale use that generator?
bool is_used(const Config& config, std::string_view generator);

}  // namespace claimcheck
