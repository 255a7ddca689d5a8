// Tells by its content whether a value under session:<id> is an order or something else. Readers
// and splices (session_text.hpp) share the rules here, so neither accepts a value that the other
// refuses. Internal to src/store.
#pragma once

#include "base/error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace claimcheck {

// For every error that says what the value is instead of an order.
std::unexpected<Error> not_an_order(std::string_view what);

// How stored JSON is read: a lone surrogate is no error.
boost::json::parse_options stored_json_rules();
// JSON as the original may have written it: a lone surrogate is read as U+FFFD.
Result<boost::json::value> parse_stored_json(std::string_view text);

// A number, or a text that spells one; may be infinite or NaN.
std::optional<double> stored_number(const boost::json::value& from);

// Whether an object with these members is an order record. `schema` is the member of that name, as
// far as it is a number. Errors: unreadable.
Result<void> check_members(std::span<const std::string_view> members, std::optional<double> schema);

// The members of an order record. Errors: unreadable, with a message that says what it is instead.
Result<boost::json::object> parse_session(std::string_view bytes);

// The members whose value is a text with half a surrogate pair, as they are spelled; of bytes that
// parse_session took.
std::map<std::string, std::string, std::less<>> halves_of_pairs(std::string_view bytes);

}  // namespace claimcheck
