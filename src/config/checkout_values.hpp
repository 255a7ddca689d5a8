// The values of [checkout]: single ones, as Stripe's form spells them, and the rules that go beyond
// one value. Internal to config/.
#pragma once

#include "config/checkout_members.hpp"
#include "config/settings.hpp"

#include <toml++/toml.h>

#include <string>
#include <string_view>

namespace claimcheck {

// Errors: what is wrong with it, as the end of a sentence.
std::expected<std::string, BadText> read_checkout_value(const CheckoutMember& member,
                                                        const toml::node& node);

// What is wrong with a table, or a list of tables, as a whole; empty = nothing. `pattern` is its
// path in the table of members.
std::string odd_section(std::string_view pattern, const toml::table& section);
std::string odd_sections(std::string_view pattern, const toml::array& sections);

}  // namespace claimcheck
