// Reads the table [generator.<name>.http]: a provider described by the shop. Its keys are the
// members of HttpGeneratorOptions. Private to generator_settings.cpp.
#pragma once

#include "config/checkout_settings.hpp"
#include "generator/options.hpp"

#include <toml++/toml.h>

#include <optional>
#include <string>

namespace claimcheck {

// `key`: the table's place, for mistakes. Nothing = it has one. What its members say together is
// not checked here (check_http_options).
std::optional<HttpGeneratorOptions> read_http_generator(const std::string& key,
                                                        const toml::node& node,
                                                        const TellWrong& wrong);

}  // namespace claimcheck
