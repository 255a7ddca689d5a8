// Who may use the operator's routes: CLAIMCHECK_OPERATORS and the tables [operator.<name>] of the
// file. Errors name the entry and never a token. Private to config.cpp and its parts.
#pragma once

#include "config/checkout_settings.hpp"
#include "config/settings.hpp"

namespace claimcheck {

// "anna:act:TOKEN,watch:read:TOKEN". Replaces the list of a weaker source.
ReadOutcome read_operators(std::string_view text, Config& config);

// The tables [operator.anna] with `role` and `token`. A mistake leaves its operator out.
std::vector<Operator> read_operator_tables(const toml::node& node, const TellWrong& wrong);

// Names and tokens are unique, also beside CLAIMCHECK_ADMIN_TOKEN.
void check_operators(const Config& config, ConfigErrors& errors);

}  // namespace claimcheck
