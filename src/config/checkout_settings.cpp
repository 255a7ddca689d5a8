#include "config/checkout_settings.hpp"

#include "config/checkout_members.hpp"
#include "config/checkout_values.hpp"
#include "config/nearest.hpp"
#include "config/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace claimcheck {

namespace {

// A place in the file: its name for people, in the table of members, and at Stripe.
struct Place {
  std::string key;      // "checkout.custom_fields[0].key"
  std::string pattern;  // "custom_fields[].key"
  std::string form;     // "custom_fields[0][key]"

  Place member(std::string_view name) const {
    return {.key = fmt::format("{}.{}", key, name),
            .pattern = pattern.empty() ? std::string(name) : fmt::format("{}.{}", pattern, name),
            .form = form.empty() ? std::string(name) : fmt::format("{}[{}]", form, name)};
  }
  Place entry(std::size_t index) const {
    return {.key = fmt::format("{}[{}]", key, index),
            .pattern = pattern + "[]",
            .form = fmt::format("{}[{}]", form, index)};
  }
};

// Is that the path of a direct member of the table with this pattern? Its name, or nothing.
std::string_view name_below(std::string_view pattern, std::string_view path) {
  if (!pattern.empty()) {
    if (!path.starts_with(pattern) || path.size() <= pattern.size() + 1) return {};
    if (path[pattern.size()] != '.') return {};
    path.remove_prefix(pattern.size() + 1);
  }
  return path.find_first_of(".[") == std::string_view::npos ? path : std::string_view();
}

std::string unknown(const Place& place, std::string_view name) {
  std::vector<std::string> known;
  for (const CheckoutMember& member : checkout_members()) {
    const std::string_view below = name_below(place.pattern, member.path);
    if (!below.empty() && member.kind != MemberKind::owned) known.emplace_back(below);
  }
  const std::string meant = did_you_mean(name, known);
  return "unknown" + (meant.empty() ? "; docs/checkout.md lists what can be set" : meant);
}

class CheckoutReader {
 public:
  explicit CheckoutReader(const TellWrong& wrong) : wrong_(wrong) {}

  void read_member(const Place& place, const CheckoutMember& member, const toml::node& node,
                   stripe::Form& form) {
    switch (member.kind) {
      case MemberKind::owned:
        return wrong_(place.key, node, fmt::format("can not be set here: {}", member.words));
      case MemberKind::section: return read_section(place, node, form);
      case MemberKind::sections: return read_sections(place, member, node, form);
      case MemberKind::words: return read_words(place, member, node, form);
      default: break;
    }
    std::expected<std::string, BadText> value = read_checkout_value(member, node);
    if (!value) return wrong_(place.key, node, value.error().why);
    form.emplace_back(place.form, std::move(*value));
  }

  // The member of that name of the table at `place`.
  void read_named(const Place& place, std::string_view name, const toml::node& node,
                  stripe::Form& form) {
    const Place inner = place.member(name);
    const CheckoutMember* member = checkout_member(inner.pattern);
    if (member == nullptr) return wrong_(inner.key, node, unknown(place, name));
    read_member(inner, *member, node, form);
  }

 private:
  void read_section(const Place& place, const toml::node& node, stripe::Form& form) {
    const toml::table* section = node.as_table();
    if (section == nullptr) return wrong_(place.key, node, "must be a table");
    // A table of TOML is sorted by name, so the same file always gives the same bytes.
    for (const auto& [name, inner] : *section) read_named(place, name.str(), inner, form);
    for (const CheckoutMember& member : checkout_members()) {
      const std::string_view name = name_below(place.pattern, member.path);
      if (name.empty() || !member.required || section->contains(name)) continue;
      wrong_(place.key, node, fmt::format("{} is missing", name));
    }
    if (const std::string odd = odd_section(place.pattern, *section); !odd.empty()) {
      wrong_(place.key, node, odd);
    }
  }

  void read_sections(const Place& place, const CheckoutMember& member, const toml::node& node,
                     stripe::Form& form) {
    const toml::array* array = read_array(place, member, node);
    if (array == nullptr) return;
    for (std::size_t i = 0; i < array->size(); ++i) {
      read_section(place.entry(i), *array->get(i), form);
    }
    if (const std::string odd = odd_sections(place.pattern, *array); !odd.empty()) {
      wrong_(place.key, node, odd);
    }
  }

  void read_words(const Place& place, const CheckoutMember& member, const toml::node& node,
                  stripe::Form& form) {
    const toml::array* array = read_array(place, member, node);
    if (array == nullptr) return;
    CheckoutMember entry = member;
    entry.kind = MemberKind::word;
    for (std::size_t i = 0; i < array->size(); ++i) {
      read_member(place.entry(i), entry, *array->get(i), form);
    }
  }

  const toml::array* read_array(const Place& place, const CheckoutMember& member,
                                const toml::node& node) {
    const toml::array* array = node.as_array();
    const auto size = array == nullptr ? -1 : static_cast<std::int64_t>(array->size());
    if (size >= member.least && size <= member.most) return array;
    wrong_(place.key, node,
           fmt::format("must be a list of {} to {} entries", member.least, member.most));
    return nullptr;
  }

  const TellWrong& wrong_;
};

}  // namespace

CheckoutTable read_checkout_table(std::string_view key, const toml::node& node,
                                  const TellWrong& wrong) {
  CheckoutTable members;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    wrong(key, node, "must be a table");
    return members;
  }
  const Place top{.key = std::string(key), .pattern = "", .form = ""};
  for (const auto& [name, member] : *table) {
    CheckoutReader(wrong).read_named(top, name.str(), member, members[std::string(name.str())]);
  }
  // Stripe's default; sent, it would not go together with `discounts`.
  const auto codes = members.find("allow_promotion_codes");
  if (codes != members.end() && codes->second == stripe::Form{{codes->first, "false"}}) {
    codes->second.clear();
  }
  return members;
}

CheckoutTable merged(CheckoutTable general, const CheckoutTable& own) {
  for (const auto& [name, form] : own) general[name] = form;
  return general;
}

std::string conflict_in(const CheckoutTable& table) {
  const auto sends = [&table](std::string_view name) {
    const auto found = table.find(name);
    return found != table.end() && !found->second.empty();
  };
  if (sends("allow_promotion_codes") && sends("discounts")) {
    return "allow_promotion_codes and discounts exclude each other at Stripe; in a tool's table, "
           "discounts = [] or allow_promotion_codes = false takes the general one away";
  }
  return {};
}

SessionOptions session_options(const CheckoutTable& table) {
  SessionOptions options;
  for (const auto& [name, form] : table) {
    if (name == "expires_after") {
      // It was read once already, so it can be read.
      if (!form.empty()) options.expires_after = parse_duration(form.front().second).value();
      continue;
    }
    options.form.insert(options.form.end(), form.begin(), form.end());
  }
  return options;
}

}  // namespace claimcheck
