#include "config/checkout_values.hpp"

#include "config/nearest.hpp"
#include "flow/session_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace claimcheck {

namespace {

using Value = std::expected<std::string, BadText>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_letter(c) || is_digit(c); }

std::int64_t characters(std::string_view text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return std::ranges::count_if(text, begins);
}

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> parts;
  while (!words.empty()) {
    parts.push_back(words.substr(0, words.find(' ')));
    words.remove_prefix(std::min(parts.back().size() + 1, words.size()));
  }
  return parts;
}

Value read_word(const CheckoutMember& member, std::string_view given) {
  const std::vector<std::string_view> known = split(member.words);
  if (std::ranges::find(known, given) != known.end()) return std::string(given);
  constexpr std::size_t shown_max = 8;  // a longer list helps nobody in an error
  if (known.size() <= shown_max) {
    std::string list;
    for (const std::string_view word : known)
      list += (list.empty() ? "" : ", ") + std::string(word);
    return bad("must be one of: " + list);
  }
  return bad("is not known to Stripe" + did_you_mean(given, {known.begin(), known.end()}));
}

// On a bank statement Stripe takes no other characters, and at least one letter.
bool is_descriptor(std::string_view text) {
  static constexpr std::string_view refused = "<>\\'\"*";
  const auto plain = [](char c) {
    return c >= ' ' && c <= '~' && refused.find(c) == std::string_view::npos;
  };
  return std::ranges::all_of(text, plain) && std::ranges::any_of(text, is_letter);
}

Value read_text(const CheckoutMember& member, const std::string& given) {
  const std::int64_t length = characters(given);
  if (length < member.least || length > member.most) {
    return bad(fmt::format("must be a text of {} to {} characters", member.least, member.most));
  }
  switch (member.kind) {
    case MemberKind::name:
      if (!std::ranges::all_of(given, is_name)) return bad("must be letters and digits only");
      break;
    case MemberKind::digits:
      if (!std::ranges::all_of(given, is_digit)) return bad("must be digits only");
      break;
    case MemberKind::id:
      if (!given.starts_with(member.words)) {
        return bad(fmt::format("must be an id that begins with {}", member.words));
      }
      break;
    case MemberKind::descriptor:
      if (!is_descriptor(given)) {
        return bad("must be plain Latin text with a letter, without < > \\ ' \" *");
      }
      break;
    default: break;
  }
  return given;
}

Value read_expiry(const std::string& given) {
  const auto length = parse_duration(given);
  if (!length) return std::unexpected(length.error());
  if (*length < session_expiry_min || *length > session_expiry_max) {
    return bad("must be from 30m to 24h, as Stripe allows");
  }
  return given;
}

Value read_number(const CheckoutMember& member, const toml::node& node) {
  const auto number = node.value_exact<std::int64_t>();
  if (number && *number >= member.least && *number <= member.most) return fmt::to_string(*number);
  return bad(fmt::format("must be a number from {} to {}", member.least, member.most));
}

std::string odd_discount(const toml::table& discount) {
  return discount.size() == 1 ? "" : "must name either a coupon or a promotion_code";
}

// The length of an answer in a field, or what it may be at most or at least.
std::string odd_lengths(const toml::table& field) {
  const auto least = field["minimum_length"].value<std::int64_t>();
  const auto most = field["maximum_length"].value<std::int64_t>();
  return least && most && *least > *most ? "minimum_length is more than maximum_length" : "";
}

std::string odd_field(const toml::table& field) {
  const std::string type = field["type"].value_or(std::string());
  for (const char* other : {"dropdown", "numeric", "text"}) {
    if (type != other && field.contains(other)) {
      return fmt::format("holds {}, but its type is {}", other, type);
    }
  }
  if (type == "dropdown" && !field.contains("dropdown")) return "dropdown is missing";
  return {};
}

std::string odd_dropdown(const toml::table& dropdown) {
  const auto wanted = dropdown["default_value"].value<std::string>();
  const toml::array* options = dropdown["options"].as_array();
  if (!wanted || options == nullptr) return {};
  for (std::size_t i = 0; i < options->size(); ++i) {
    const toml::table* option = options->get_as<toml::table>(i);
    if (option != nullptr && (*option)["value"].value<std::string>() == wanted) return {};
  }
  return "default_value is no value of its options";
}

}  // namespace

Value read_checkout_value(const CheckoutMember& member, const toml::node& node) {
  // Exact, here and below: 1 is not true, and "5" is no number.
  if (member.kind == MemberKind::flag) {
    const auto given = node.value_exact<bool>();
    if (!given) return bad("must be true or false");
    return std::string(*given ? "true" : "false");
  }
  if (member.kind == MemberKind::number) return read_number(member, node);
  const auto given = node.value_exact<std::string>();
  if (!given) return bad("must be a text");
  if (member.kind == MemberKind::word) return read_word(member, *given);
  if (member.kind == MemberKind::duration) return read_expiry(*given);
  return read_text(member, *given);
}

std::string odd_section(std::string_view pattern, const toml::table& section) {
  if (pattern == "discounts[]") return odd_discount(section);
  if (pattern == "custom_fields[]") return odd_field(section);
  if (pattern == "custom_fields[].dropdown") return odd_dropdown(section);
  if (pattern == "custom_fields[].text" || pattern == "custom_fields[].numeric") {
    return odd_lengths(section);
  }
  return {};
}

std::string odd_sections(std::string_view pattern, const toml::array& sections) {
  const bool fields = pattern == "custom_fields";
  if (!fields && pattern != "custom_fields[].dropdown.options") return {};
  const char* unique = fields ? "key" : "value";
  std::set<std::string> seen;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const toml::table* section = sections.get_as<toml::table>(i);
    const auto name = section == nullptr ? std::nullopt : (*section)[unique].value<std::string>();
    if (name && !seen.insert(*name).second) return fmt::format("{} {} comes twice", unique, *name);
  }
  return {};
}

}  // namespace claimcheck
