// Tells by its content whether a value under session:<id> is an order or something else. Readers
// and splices both begin here, so neither accepts a value that the other refuses. Internal to
// src/store.
#pragma once

#include "base/error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// JSON as the original may have written it: a lone surrogate is read as U+FFFD.
Result<boost::json::value> parse_stored_json(std::string_view text);

// A number, or a text that spells one; may be infinite or NaN.
std::optional<double> stored_number(const boost::json::value& from);

// The members of an order record. Errors: unreadable, with a message that says what it is instead.
Result<boost::json::object> parse_session(std::string_view bytes);

// The members whose value is a text with half a surrogate pair, as they are spelled; of bytes that
// parse_session took.
std::map<std::string, std::string, std::less<>> halves_of_pairs(std::string_view bytes);

}  // namespace claimcheck
