// Claim <-> the fields of its hash. Both directions follow the descriptions of Claim and Unit. Only
// claimcheck writes here, unlike the session value. So a value that cannot be read is a reason to
// stop, never to guess.
#include "store/codec.hpp"
#include "store/hash_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <utility>

namespace claimcheck {

namespace {

constexpr std::string_view units_field = "units";

// The member `notified`, under the name that it had when the first claims were stored.
constexpr std::string_view notified_field = "told";

constexpr const char* dispute_prefix = "dispute.";

// While no value is longer, Redis keeps a hash in half of the memory (hash-max-listpack-value). A
// usual order has longer ones only in the links of its units. Their rest is in fields of the same
// name with ~1, ~2, and so on. What would need very many of them stays whole.
constexpr std::size_t part_bytes = 64;
constexpr std::size_t split_bytes_max = 1024;

bool is_split(std::string_view name, std::size_t bytes) {
  return bytes > part_bytes && bytes <= split_bytes_max && name.ends_with("url");
}

std::string unit_prefix(std::size_t unit) { return fmt::format("u{}.", unit); }

std::string part_name(std::string_view name, std::size_t part) {
  return fmt::format("{}~{}", name, part);
}

// Those from the place `first` on.
void split_long_values(HashFields& fields, std::size_t first) {
  const std::size_t end = fields.size();
  for (std::size_t i = first; i < end; ++i) {
    if (!is_split(fields[i].first, fields[i].second.size())) continue;
    const std::string value = fields[i].second;
    for (std::size_t part = 1; part * part_bytes < value.size(); ++part) {
      fields.emplace_back(part_name(fields[i].first, part),
                          value.substr(part * part_bytes, part_bytes));
    }
    fields[i].second.resize(part_bytes);
  }
}

// `texts` holds what was joined.
void join_parts(StoredFields& stored, std::deque<std::string>& texts) {
  for (auto& [name, value] : stored) {
    if (value.size() != part_bytes) continue;
    std::string whole(value);
    for (std::size_t part = 1;; ++part) {
      const auto next = stored.find(part_name(name, part));
      if (next == stored.end()) break;
      whole += next->second;
    }
    if (whole.size() > part_bytes) value = texts.emplace_back(std::move(whole));
  }
}

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
    const std::size_t first = fields.size();
    add_fields(fields, unit_prefix(i), claim.units[i], unit_defaults);
    if (unit_defaults != nullptr) split_long_values(fields, first);
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
  StoredFields stored;
  stored.reserve(fields.size());
  for (const auto& [name, value] : fields) stored.emplace(name, value);
  std::deque<std::string> joined;
  join_parts(stored, joined);
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
