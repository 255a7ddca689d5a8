// The TOML file. Top-level keys are the settings by their file names; a table [tool.<slug>] is a
// tool that a buyer can choose, [generator.<name>] one that makes it. `environment` has the keys
// that a generator names by a variable. Every unknown key is an error with its line. Private to
// config.cpp.
#pragma once

#include "config/config.hpp"

#include <string>
#include <vector>

namespace claimcheck {

// Adds a line to `errors` for each mistake, also when the file is missing or is no TOML.
void read_config_file(const std::string& path, const std::vector<std::string>& environment,
                      Config& config, ConfigErrors& errors);

}  // namespace claimcheck
