// Reads JSON that anybody may have written: parse within limits, then ask for members by path and
// type. A missing member, or one of another type, is an absent answer, never an exception. A number
// with a point or an exponent is read as the nearest double; it may be infinite, never NaN. A whole
// number is one in any spelling: 2, 2.0 and 2e0 are the same, as everywhere in JSON. Peers add
// members and change those that we do not need; code that reads through here does not notice.
#pragma once

#include "base/error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck::json {

// Our own documents are far flatter; a deeper one would only use up the stack.
inline constexpr std::size_t depth_max = 32;

// Errors: invalid, with a message that holds nothing of the text.
Result<boost::json::value> parse(std::string_view text);
// The body of a request: an object, in which no member occurs twice at any depth. Two readers of
// such a body could see two different orders. The message of an error is a sentence about "the
// body". Errors: invalid.
Result<boost::json::object> parse_body(std::string_view text);

// The member at that path of object members, or null.
const boost::json::value* find(const boost::json::value& from, std::string_view name);
template <typename... Names>
const boost::json::value* find(const boost::json::value& from, std::string_view name,
                               Names... deeper) {
  const boost::json::value* member = find(from, name);
  return member == nullptr ? nullptr : find(*member, deeper...);
}

// Absent when it is no number, has a fraction or does not fit.
std::optional<std::int64_t> integer(const boost::json::value& value);

// "" / 0 / false when the member is absent or of another type.
std::string_view text_at(const boost::json::value& from, std::string_view name);
// Also 0 when the number has a fraction or does not fit.
std::int64_t integer_at(const boost::json::value& from, std::string_view name);
bool bool_at(const boost::json::value& from, std::string_view name);

// The value as JSON.stringify prints it (8.5, not 8.5E0).
std::string print(const boost::json::value& value);
std::string print(std::string_view text);
std::string print(double number);

}  // namespace claimcheck::json
