// Prints JSON. `pretty` is Stripe's style (two blanks, as in its answers and webhook bodies),
// `compact` has no blanks. Whole doubles keep their ".0", as Python prints them. Member order is
// kept. Reading goes through base/json.hpp.
#pragma once

#include "net/http/http.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

std::string compact(const Value& value);
std::string pretty(const Value& value);

// A constant of our own code; unreadable text aborts.
Object parse_constant(std::string_view text);

// The member of that name; "", 0 or false when it is absent or of another type.
std::string text_of(const Object& object, std::string_view name);
std::int64_t integer_of(const Object& object, std::string_view name);
bool bool_of(const Object& object, std::string_view name);
Value text_or_null(const std::string& text);

HttpResponse json_answer(int status, const Value& body);

}  // namespace claimcheck::sandbox
