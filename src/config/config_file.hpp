// The TOML file: top-level keys are the settings by their file names, [tool.<slug>] tables are
// what a buyer can choose from. Every key that is not known is an error with its line. Private to
// config.cpp.
#pragma once

#include "config/config.hpp"

#include <string>

namespace claimcheck {

void read_config_file(const std::string& path, Config& config, ConfigErrors& errors);

}  // namespace claimcheck
