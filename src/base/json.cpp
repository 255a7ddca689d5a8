#include "base/json.hpp"

#include "base/assert.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace claimcheck::json {

namespace {

std::size_t members_read(const boost::json::value& value) {
  std::size_t count = 0;
  if (const boost::json::array* array = value.if_array()) {
    for (const boost::json::value& element : *array) count += members_read(element);
  }
  if (const boost::json::object* object = value.if_object()) {
    for (const auto& [name, member] : *object) count += 1 + members_read(member);
  }
  return count;
}

// Of text that was parsed before: each member has one colon outside of strings.
std::size_t members_written(std::string_view text) {
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_string = !in_string;
    if (text[i] == '\\') ++i;  // only in strings; the escaped character ends none
    if (text[i] == ':' && !in_string) ++count;
  }
  return count;
}

// Few pieces for the whole document: its many small parts are not freed one by one.
boost::json::storage_ptr memory_for(std::string_view text) {
  constexpr std::size_t least = 512;
  return boost::json::make_shared_resource<boost::json::monotonic_resource>(least + text.size());
}

constexpr double whole_max = 9007199254740992;  // 2^53: above it a double is no exact number

bool is_whole(double number) {
  return std::abs(number) <= whole_max && std::trunc(number) == number;
}

}  // namespace

Result<boost::json::value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = depth_max;
  // The default is slightly wrong for some numbers, and reads 0e309 as NaN.
  options.numbers = boost::json::number_precision::precise;
  boost::system::error_code failed;
  boost::json::value document = boost::json::parse(text, failed, memory_for(text), options);
  if (failed == boost::json::error::too_deep) {
    return fail(Errc::invalid, fmt::format("JSON nested deeper than {} levels", depth_max));
  }
  if (failed) return fail(Errc::invalid, "not JSON: " + failed.message());
  return document;
}

Result<boost::json::object> parse_body(std::string_view text) {
  Result<boost::json::value> document = parse(text);
  if (!document) return fail(Errc::invalid, "the body is " + document.error().message);
  // The parser keeps the last of two members with one name. So a member is given twice exactly when
  // the document has fewer members than the text.
  if (members_read(*document) != members_written(text)) {
    return fail(Errc::invalid, "the body is JSON in which a member is given twice");
  }
  if (!document->is_object()) return fail(Errc::invalid, "the body must be a JSON object");
  return std::move(document->get_object());
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

std::optional<std::int64_t> integer(const boost::json::value& value) {
  if (const std::int64_t* number = value.if_int64()) return *number;
  const double* number = value.if_double();
  if (number == nullptr || !is_whole(*number)) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::int64_t integer_at(const boost::json::value& from, std::string_view name) {
  const boost::json::value* member = find(from, name);
  return member == nullptr ? 0 : integer(*member).value_or(0);
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
  // As JSON.stringify does: JSON has no other number for it.
  if (!std::isfinite(number)) return "null";
  std::array<char, 32> digits{};
  const auto [end, failed] = is_whole(number) ? std::to_chars(digits.begin(), digits.end(),
                                                              static_cast<std::int64_t>(number))
                                              : std::to_chars(digits.begin(), digits.end(), number);
  ENSURE(failed == std::errc());
  return {digits.begin(), end};
}

std::string print(const boost::json::value& value) {
  // The library prints 8.5 as 8.5E0, so numbers are printed here, and so the values around them.
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
