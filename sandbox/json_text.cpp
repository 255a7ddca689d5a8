#include "sandbox/json_text.hpp"

#include "base/assert.hpp"
#include "base/json.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <cmath>

namespace claimcheck::sandbox {

namespace {

constexpr std::size_t compact_layout = static_cast<std::size_t>(-1);

void print(std::string& out, const Value& value, std::size_t depth);

void new_line(std::string& out, std::size_t depth) {
  if (depth == compact_layout) return;
  out += '\n';
  out.append(2 * depth, ' ');
}

std::size_t deeper(std::size_t depth) { return depth == compact_layout ? depth : depth + 1; }

void print_object(std::string& out, const Object& object, std::size_t depth) {
  out += '{';
  bool first = true;
  for (const auto& member : object) {
    if (!first) out += ',';
    first = false;
    new_line(out, deeper(depth));
    out += boost::json::serialize(boost::json::string_view(member.key()));
    out += depth == compact_layout ? ":" : ": ";
    print(out, member.value(), deeper(depth));
  }
  if (!object.empty()) new_line(out, depth);
  out += '}';
}

void print_array(std::string& out, const Array& array, std::size_t depth) {
  out += '[';
  bool first = true;
  for (const Value& element : array) {
    if (!first) out += ',';
    first = false;
    new_line(out, deeper(depth));
    print(out, element, deeper(depth));
  }
  if (!array.empty()) new_line(out, depth);
  out += ']';
}

void print(std::string& out, const Value& value, std::size_t depth) {
  if (const Object* object = value.if_object()) {
    print_object(out, *object, depth);
  } else if (const Array* array = value.if_array()) {
    print_array(out, *array, depth);
  } else if (const double* number = value.if_double(); number && std::isfinite(*number)) {
    const std::string text = fmt::format("{}", *number);
    out += text;
    if (text.find_first_of(".e") == std::string::npos) out += ".0";
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

std::string compact(const Value& value) {
  std::string out;
  print(out, value, compact_layout);
  return out;
}

std::string pretty(const Value& value) {
  std::string out;
  print(out, value, 0);
  return out;
}

Object parse_constant(std::string_view text) {
  Result<Value> value = json::parse(text);
  ENSURE(value && value->is_object());
  return std::move(value->get_object());
}

std::string text_of(const Object& object, std::string_view name) {
  const Value* member = object.if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->get_string()) : "";
}

std::int64_t integer_of(const Object& object, std::string_view name) {
  const Value* member = object.if_contains(name);
  return member != nullptr ? json::integer(*member).value_or(0) : 0;
}

bool bool_of(const Object& object, std::string_view name) {
  const Value* member = object.if_contains(name);
  return member != nullptr && member->is_bool() && member->get_bool();
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

HttpResponse json_answer(int status, const Value& body) {
  return {status, {{"content-type", "application/json"}}, compact(body)};
}

}  // namespace claimcheck::sandbox
