// Claim <-> the fields of its hash. Both directions follow the descriptions of Claim and Unit.
// Unlike the session value nobody else writes here: a value that cannot be read is a reason to
// stop, never to guess.
#include "domain/names.hpp"
#include "store/codec.hpp"
#include "store/members.hpp"
#include "store/number.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <type_traits>

namespace claimcheck {

namespace {

using Stored = std::map<std::string_view, std::string_view>;

constexpr std::string_view units_field = "units";

template <typename T>
std::string written(const T& value) {
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
std::optional<T> read(std::string_view text) {
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

template <typename Struct>
void add_fields(HashFields& fields, const std::string& prefix, const Struct& from) {
  for_each_member<Struct>([&](auto member) {
    fields.emplace_back(prefix + member.name, written(from.*member.pointer));
  });
}

// The first field that cannot be read, or "". A missing one, of an older release, is the default.
template <typename Struct>
std::string read_fields(const Stored& stored, const std::string& prefix, Struct& to) {
  std::string unreadable;
  for_each_member<Struct>([&](auto member) {
    const std::string name = prefix + member.name;
    const auto field = stored.find(name);
    if (field == stored.end()) return;
    auto& target = to.*member.pointer;
    const auto value = read<std::remove_cvref_t<decltype(target)>>(field->second);
    if (value) {
      target = *value;
    } else if (unreadable.empty()) {
      unreadable = name;
    }
  });
  return unreadable;
}

std::string unit_prefix(std::size_t unit) { return fmt::format("u{}.", unit); }

}  // namespace

HashFields encode_claim(const Claim& claim) {
  HashFields fields;
  add_fields(fields, "", claim);
  fields.emplace_back(units_field, fmt::to_string(claim.units.size()));
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    add_fields(fields, unit_prefix(i), claim.units[i]);
  }
  return fields;
}

Result<Claim> decode_claim(const HashFields& fields) {
  const Stored stored(fields.begin(), fields.end());
  for (const std::string_view required : {"schema", "version", "state", "units"}) {
    if (!stored.contains(required)) {
      return fail(Errc::unreadable, fmt::format("the claim has no field {}", required));
    }
  }
  // Before anything else: a newer release may mean something else by the other fields.
  const auto schema = number_in<std::int64_t>(stored.at("schema"));
  if (!schema || *schema > claim_schema) {
    return fail(Errc::unreadable, fmt::format("the claim is of schema {}, newer than this "
                                              "program's {}",
                                              stored.at("schema"), claim_schema));
  }
  const auto units = number_in<std::size_t>(stored.at(units_field));
  if (!units || *units > units_max) {
    return fail(Errc::unreadable, "the claim's field units is unreadable");
  }
  Claim claim;
  claim.units.resize(*units);
  std::string unreadable = read_fields(stored, "", claim);
  for (std::size_t i = 0; i < *units && unreadable.empty(); ++i) {
    unreadable = read_fields(stored, unit_prefix(i), claim.units[i]);
  }
  if (!unreadable.empty()) {
    return fail(Errc::unreadable, fmt::format("the claim's field {} is unreadable", unreadable));
  }
  return claim;
}

}  // namespace claimcheck
