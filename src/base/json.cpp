#include "base/json.hpp"

#include "base/assert.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace claimcheck::json {

Result<boost::json::value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = depth_max;
  // The default is a little off for some numbers, and makes a NaN of 0e309.
  options.numbers = boost::json::number_precision::precise;
  boost::system::error_code failed;
  boost::json::value document = boost::json::parse(text, failed, {}, options);
  if (failed) return fail(Errc::invalid, "not JSON: " + failed.message());
  return document;
}

const boost::json::value* find(const boost::json::value& from, std::string_view name) {
  const boost::json::object* object = from.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string_view text_at(const boost::json::value& from, std::string_view name) {
  const boost::json::value* member = find(from, name);
  const boost::json::string* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

std::int64_t integer_at(const boost::json::value& from, std::string_view name) {
  const boost::json::value* member = find(from, name);
  if (member == nullptr) return 0;
  const std::int64_t* number = member->if_int64();
  return number == nullptr ? 0 : *number;
}

bool bool_at(const boost::json::value& from, std::string_view name) {
  const boost::json::value* member = find(from, name);
  const bool* flag = member == nullptr ? nullptr : member->if_bool();
  return flag != nullptr && *flag;
}

std::string print(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text));
}

std::string print(double number) {
  if (!std::isfinite(number)) return "null";
  std::array<char, 32> digits{};
  constexpr double whole_max = 9007199254740992;  // 2^53
  const bool whole = std::abs(number) <= whole_max && std::trunc(number) == number;
  const auto [end, failed] =
      whole ? std::to_chars(digits.begin(), digits.end(), static_cast<std::int64_t>(number))
            : std::to_chars(digits.begin(), digits.end(), number);
  ENSURE(failed == std::errc());
  return {digits.begin(), end};
}

std::string print(const boost::json::value& value) {
  if (const double* number = value.if_double()) return print(*number);
  std::string text;
  if (const boost::json::array* array = value.if_array()) {
    for (const boost::json::value& element : *array) {
      text += (text.empty() ? "" : ",") + print(element);
    }
    return '[' + text + ']';
  }
  if (const boost::json::object* object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      text += (text.empty() ? "" : ",") + print(std::string_view(name)) + ':' + print(member);
    }
    return '{' + text + '}';
  }
  return boost::json::serialize(value);
}

}  // namespace claimcheck::json
