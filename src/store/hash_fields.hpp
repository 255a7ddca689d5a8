// Described structs <-> the fields of a hash. Each member is a field under its own name, as text;
// flags are 0 and 1, enumerators their names. Only claimcheck writes these hashes, so a field that
// cannot be read is a reason to stop. A missing field, of an older release, gets its default.
// Internal to src/store.
#pragma once

#include "domain/names.hpp"
#include "store/codec.hpp"
#include "store/members.hpp"
#include "store/number.hpp"

#include <boost/container/flat_map.hpp>
#include <fmt/format.h>

#include <cmath>
#include <type_traits>

namespace claimcheck {

using StoredFields = boost::container::flat_map<std::string_view, std::string_view>;

template <typename T>
std::string field_text(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "1" : "0";
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(name_of(value));
  } else if constexpr (std::is_arithmetic_v<T>) {
    return fmt::to_string(value);
  } else {
    return value;
  }
}

template <typename T>
std::optional<T> field_value(std::string_view text) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text != "0" && text != "1") return std::nullopt;
    return text == "1";
  } else if constexpr (std::is_enum_v<T>) {
    return from_name<T>(text);
  } else if constexpr (std::is_floating_point_v<T>) {
    const std::optional<T> number = number_in<T>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return number_in<T>(text);
  } else {
    return std::string(text);
  }
}

// Every member, or only those that differ from `defaults`.
template <typename Struct>
void add_fields(HashFields& fields, const std::string& prefix, const Struct& from,
                const Struct* defaults = nullptr) {
  for_each_member<Struct>([&](auto member) {
    if (defaults != nullptr && from.*member.pointer == defaults->*member.pointer) return;
    fields.emplace_back(prefix + member.name, field_text(from.*member.pointer));
  });
}

// The first field that cannot be read, or "". A missing one, of an older release, is the default.
template <typename Struct>
std::string read_fields(const StoredFields& stored, const std::string& prefix, Struct& to) {
  std::string unreadable;
  std::string name = prefix;  // one text for all names: many members of an order are not stored
  for_each_member<Struct>([&](auto member) {
    name.resize(prefix.size());
    name += member.name;
    const auto field = stored.find(name);
    if (field == stored.end()) return;
    auto& target = to.*member.pointer;
    const auto value = field_value<std::remove_cvref_t<decltype(target)>>(field->second);
    if (value) {
      target = *value;
    } else if (unreadable.empty()) {
      unreadable = name;
    }
  });
  return unreadable;
}

}  // namespace claimcheck
