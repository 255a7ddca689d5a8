// Reads form bodies and query strings as Stripe does: bracket nesting becomes a JSON tree.
// `line_items[0][price]=p`, `expand[]=x` and `expand[0]=x` give arrays, named brackets give
// objects; every leaf is a text. A name that is used both as a leaf and as a tree is an error.
#pragma once

#include "base/error.hpp"
#include "sandbox/json_text.hpp"

#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::size_t form_depth_max = 8;
inline constexpr std::size_t form_leaves_max = 2000;

// Errors: invalid, with a message in Stripe's words.
Result<Object> parse_form(std::string_view text);

}  // namespace claimcheck::sandbox
