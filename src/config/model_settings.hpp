// Reads one table [generator.<name>.models."<model>"]: the limits of a model, its inputs and what a
// job costs. Private to generator_settings.cpp.
#pragma once

#include "config/checkout_settings.hpp"
#include "generator/options.hpp"

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// `key`: the table's place, for mistakes.
ModelOptions read_model(const std::string& key, std::string_view model, const toml::node& node,
                        const TellWrong& wrong);

// A TOML value as JSON. Dates and infinities, which JSON has not, are nothing.
std::optional<boost::json::value> json_of(const toml::node& node);

}  // namespace claimcheck
