#include "sandbox/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace claimcheck::sandbox {

namespace {

StripeError bad(std::string message, std::string code, const std::string& param) {
  StripeError error;
  error.message = std::move(message);
  error.code = std::move(code);
  error.param = param;
  return error;
}

bool is_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size();
}

bool has_word(std::string_view words, std::string_view word) {
  const std::string padded = fmt::format(" {} ", words);
  return word.find(' ') == std::string_view::npos &&
         padded.find(fmt::format(" {} ", word)) != std::string::npos;
}

std::optional<StripeError> check_metadata(const Value& given, const std::string& param) {
  if (given.is_string() && given.get_string().empty()) return std::nullopt;
  if (!given.is_object()) return bad("Invalid object", "", param);
  if (given.get_object().size() > metadata_keys_max) {
    return bad(fmt::format("Metadata can have up to {} keys.", metadata_keys_max), "", param);
  }
  for (const auto& member : given.get_object()) {
    if (count_characters(member.key()) > metadata_key_max) {
      return bad(fmt::format("Metadata keys can have up to {} characters, but you passed in a key "
                             "that is {} characters. Invalid key: {}",
                             metadata_key_max, count_characters(member.key()),
                             std::string_view(member.key())),
                 "", param);
    }
    if (!member.value().is_string()) return bad("Invalid string", "", param);
    const std::string_view value = member.value().get_string();
    if (count_characters(value) > metadata_value_max) {
      return bad(fmt::format("Metadata values can have up to {} characters, but you passed in a "
                             "value that is {} characters. Invalid value: {}",
                             metadata_value_max, count_characters(value), value.substr(0, 40)),
                 "", param);
    }
  }
  return std::nullopt;
}

std::optional<StripeError> check_leaf(std::string_view given, const Parameter& rule,
                                      const std::string& param) {
  if (given.empty()) return std::nullopt;  // the same as not sent
  if (rule.kind == Kind::integer && !is_integer(given)) {
    return bad(fmt::format("Invalid integer: {}", given), "parameter_invalid_integer", param);
  }
  if (rule.kind == Kind::boolean && given != "true" && given != "false") {
    return bad(fmt::format("Invalid boolean: {}", given), "", param);
  }
  if (rule.kind == Kind::one_of && !has_word(rule.words, given)) {
    return bad(fmt::format("Invalid {}: must be one of {}", param, rule.words), "", param);
  }
  if (rule.kind == Kind::text && count_characters(given) > rule.length_max) {
    return bad(fmt::format("Invalid string: {}…; must be at most {} characters",
                           given.substr(0, 20), rule.length_max),
               "", param);
  }
  return std::nullopt;
}

// One node of the tree: `param` is its name as sent, `pattern` its name in the list.
std::optional<StripeError> check(const Value& given, const std::string& param,
                                 const std::string& pattern, std::span<const Parameter> allowed) {
  const auto rule = std::ranges::find(allowed, pattern, &Parameter::name);
  const bool known = rule != allowed.end();
  if (known && rule->kind == Kind::any) return std::nullopt;
  if (known && rule->kind == Kind::metadata) return check_metadata(given, param);
  if (given.is_string() && known) return check_leaf(given.get_string(), *rule, param);

  const bool has_members = std::ranges::any_of(allowed, [&](const Parameter& other) {
    return other.name.starts_with(pattern + ".") || other.name.starts_with(pattern + "[]");
  });
  if (!known && !has_members) {
    return bad("Received unknown parameter: " + param, "parameter_unknown", param);
  }
  if (given.is_string()) return bad("Invalid object", "", param);
  if (known && !has_members) return bad("Invalid string", "", param);
  if (const Array* array = given.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (auto e = check((*array)[i], fmt::format("{}[{}]", param, i), pattern + "[]", allowed)) {
        return e;
      }
    }
    return std::nullopt;
  }
  for (const auto& member : given.get_object()) {
    const std::string name = member.key();
    if (auto e = check(member.value(), fmt::format("{}[{}]", param, name),
                       fmt::format("{}.{}", pattern, name), allowed)) {
      return e;
    }
  }
  return std::nullopt;
}

Value typed(const Value& given, const std::string& pattern, std::span<const Parameter> allowed) {
  if (const Object* object = given.if_object()) {
    Object members;
    for (const auto& member : *object) {
      members[member.key()] = typed(
          member.value(), fmt::format("{}.{}", pattern, std::string_view(member.key())), allowed);
    }
    return members;
  }
  if (const Array* array = given.if_array()) {
    Array entries;
    for (const Value& entry : *array) entries.push_back(typed(entry, pattern + "[]", allowed));
    return entries;
  }
  const auto rule = std::ranges::find(allowed, pattern, &Parameter::name);
  const std::string_view text = given.get_string();
  if (text.empty()) return nullptr;
  if (rule != allowed.end() && rule->kind == Kind::boolean) return text == "true";
  std::int64_t number = 0;
  if (rule == allowed.end() || rule->kind != Kind::integer) return given;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Object typed_parameters(const Object& given, std::span<const Parameter> allowed) {
  Object members;
  for (const auto& member : given) {
    members[member.key()] = typed(member.value(), std::string(member.key()), allowed);
  }
  return members;
}

std::optional<StripeError> check_parameters(const Object& given,
                                            std::span<const Parameter> allowed) {
  for (const auto& member : given) {
    const std::string name = member.key();
    if (auto error = check(member.value(), name, name, allowed)) return error;
  }
  return std::nullopt;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::int64_t integer_parameter(const Object& given, std::string_view name, std::int64_t otherwise) {
  const std::string text = text_of(given, name);
  std::int64_t number = otherwise;
  if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace claimcheck::sandbox
