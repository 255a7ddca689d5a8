// Claim <-> the fields of its hash. Both directions follow the descriptions of Claim and Unit. Only
// claimcheck writes here, unlike the session value. So a value that cannot be read is a reason to
// stop, never to guess.
#include "store/codec.hpp"
#include "store/hash_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

constexpr std::string_view units_field = "units";

// The member `notified`, under the name that it had when the first claims were stored.
constexpr std::string_view notified_field = "told";

constexpr const char* dispute_prefix = "dispute.";

std::string unit_prefix(std::size_t unit) { return fmt::format("u{}.", unit); }

// Without the members that are as in the defaults, where those are given.
HashFields fields_of(const Claim& claim, const Claim* defaults, const Unit* unit_defaults) {
  HashFields fields;
  add_fields(fields, "", claim, defaults);
  if (defaults == nullptr || !claim.notified.empty()) {
    fields.emplace_back(notified_field, claim.notified);
  }
  // Few orders have a dispute, and a stored one is never removed.
  if (has_dispute(claim)) add_fields(fields, dispute_prefix, claim.dispute);
  fields.emplace_back(units_field, fmt::to_string(claim.units.size()));
  for (std::size_t i = 0; i < claim.units.size(); ++i) {
    add_fields(fields, unit_prefix(i), claim.units[i], unit_defaults);
  }
  return fields;
}

}  // namespace

HashFields encode_claim(const Claim& claim) { return fields_of(claim, nullptr, nullptr); }

HashFields encode_stored_claim(const Claim& claim) {
  static const Claim defaults;
  static const Unit unit_defaults;
  HashFields fields = fields_of(claim, &defaults, &unit_defaults);
  // Other releases do not read a claim without them.
  const auto add = [&](std::string_view name, std::string value) {
    const auto is_it = [&](const auto& field) { return field.first == name; };
    if (std::ranges::none_of(fields, is_it)) fields.emplace_back(name, std::move(value));
  };
  add("schema", field_text(claim.schema));
  add("version", field_text(claim.version));
  add("state", field_text(claim.state));
  return fields;
}

std::vector<std::string> claim_field_names() {
  std::vector<std::string> names;
  for_each_member<Claim>([&](auto member) { names.emplace_back(member.name); });
  names.emplace_back(notified_field);
  return names;
}

std::vector<std::string> unit_field_names() {
  std::vector<std::string> names;
  for_each_member<Unit>([&](auto member) { names.emplace_back(member.name); });
  return names;
}

Result<Claim> decode_claim(const HashFields& fields) {
  const StoredFields stored(fields.begin(), fields.end());
  for (const std::string_view required : {"schema", "version", "state", "units"}) {
    if (!stored.contains(required)) {
      return fail(Errc::unreadable, fmt::format("the claim has no field {}", required));
    }
  }
  // The schema is checked first: in a newer release the other fields may mean something else.
  const auto schema = number_in<std::int64_t>(stored.at("schema"));
  if (!schema || *schema > claim_schema) {
    return fail(Errc::unreadable, fmt::format("the claim is of schema {}, newer than this "
                                              "program's {}",
                                              stored.at("schema"), claim_schema));
  }
  // Limited before the resize below: a damaged number must not allocate memory without end.
  const auto units = number_in<std::size_t>(stored.at(units_field));
  if (!units || *units > units_max) {
    return fail(Errc::unreadable, "the claim's field units is unreadable");
  }
  Claim claim;
  claim.units.resize(*units);
  std::string unreadable = read_fields(stored, "", claim);
  if (const auto notified = stored.find(notified_field); notified != stored.end()) {
    claim.notified = notified->second;
  }
  if (unreadable.empty()) unreadable = read_fields(stored, dispute_prefix, claim.dispute);
  for (std::size_t i = 0; i < *units && unreadable.empty(); ++i) {
    unreadable = read_fields(stored, unit_prefix(i), claim.units[i]);
  }
  // One model for the whole order, of a claim of an older release: jobs are found again by it.
  if (const auto model = stored.find("model"); model != stored.end()) {
    for (Unit& unit : claim.units) {
      if (unit.model.empty() && was_intended(unit)) unit.model = model->second;
    }
  }
  if (!unreadable.empty()) {
    return fail(Errc::unreadable, fmt::format("the claim's field {} is unreadable", unreadable));
  }
  return claim;
}

}  // namespace claimcheck
