#include "config/operator_settings.hpp"

#include "config/nearest.hpp"
#include "domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

// Names stand in cookies, log lines and history lines.
bool is_operator_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= operator_name_bytes_max &&
         std::ranges::all_of(name, plain);
}

std::string name_rule() {
  return fmt::format("a name has 1 to {} small letters, digits, dashes and underscores",
                     operator_name_bytes_max);
}

// A short token could be guessed within the limit of wrong tokens.
std::string token_rule() {
  return fmt::format("the token must be at least {} characters long", operator_token_bytes_min);
}

// The part before the next colon; `rest` keeps what follows. A token may hold colons.
std::string_view next_field(std::string_view& rest) {
  const std::size_t colon = std::min(rest.find(':'), rest.size());
  const std::string_view field = rest.substr(0, colon);
  rest.remove_prefix(std::min(colon + 1, rest.size()));
  return field;
}

// By the place in the list: an entry without a name may be nothing but a token.
std::expected<Operator, BadText> read_entry(std::string_view entry, std::size_t place) {
  const std::string_view name = next_field(entry);
  const std::string_view role = next_field(entry);
  if (role.empty() || entry.empty()) {
    return bad(fmt::format("entry {} must be name:role:token", place));
  }
  if (!is_operator_name(name)) return bad(fmt::format("entry {}: {}", place, name_rule()));
  const auto known = from_name<Role>(role);
  if (!known) return bad(fmt::format("{}: the role must be read or act", name));
  if (entry.size() < operator_token_bytes_min) {
    return bad(fmt::format("{}: {}", name, token_rule()));
  }
  return Operator{.name = std::string(name), .role = *known, .token = Secret(std::string(entry))};
}

std::optional<Operator> read_table(std::string_view name, const toml::table& table,
                                   const TellWrong& wrong) {
  Operator who{.name = std::string(name), .role = Role::read, .token = {}};
  bool good = true;
  const auto mistake = [&](std::string_view key, const toml::node& node, std::string_view what) {
    wrong(fmt::format("operator.{}{}{}", name, key.empty() ? "" : ".", key), node, what);
    good = false;
  };
  bool has_role = false;
  for (const auto& [key, node] : table) {
    const auto text = node.value_exact<std::string>();
    if (key.str() == "role") {
      const auto role = from_name<Role>(text.value_or(""));
      if (!role) mistake("role", node, "must be read or act");
      who.role = role.value_or(Role::read);
      has_role = true;
    } else if (key.str() == "token") {
      who.token = Secret(text.value_or(""));
    } else {
      mistake(key.str(), node, "unknown key" + did_you_mean(key.str(), {"role", "token"}));
    }
  }
  // No default: a role that was forgotten must not become a right.
  if (!has_role) mistake("", table, "needs a role, read or act");
  if (who.token.reveal().size() < operator_token_bytes_min) mistake("", table, token_rule());
  if (!good) return std::nullopt;
  return who;
}

}  // namespace

ReadOutcome read_operators(std::string_view text, Config& config) {
  std::vector<Operator> operators;
  for (const std::string& entry : split_list(text)) {
    auto who = read_entry(entry, operators.size() + 1);
    if (!who) return std::unexpected(std::move(who.error()));
    operators.push_back(std::move(*who));
  }
  config.operators = std::move(operators);
  return {};
}

std::vector<Operator> read_operator_tables(const toml::node& node, const TellWrong& wrong) {
  std::vector<Operator> operators;
  const toml::table* tables = node.as_table();
  if (tables == nullptr) {
    wrong("operator", node, "must be tables like [operator.anna]");
    return operators;
  }
  for (const auto& [name, entry] : *tables) {
    const toml::table* table = entry.as_table();
    if (table == nullptr || !is_operator_name(name.str())) {
      wrong(fmt::format("operator.{}", name.str()), entry,
            table == nullptr ? "must be a table" : name_rule());
      continue;
    }
    if (auto who = read_table(name.str(), *table, wrong)) operators.push_back(std::move(*who));
  }
  return operators;
}

void check_operators(const Config& config, ConfigErrors& errors) {
  const std::vector<Operator> all = all_operators(config);
  const auto wrong = [&errors](std::string what) {
    errors.lines.push_back("CLAIMCHECK_OPERATORS: " + std::move(what));
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (all[i].name == all[earlier].name) {
        wrong(fmt::format("{} occurs twice", all[i].name));
      } else if (all[i].token.reveal() == all[earlier].token.reveal()) {
        // With one token for two nobody could say who it was.
        wrong(fmt::format("{} and {} have the same token", all[earlier].name, all[i].name));
      }
    }
    // It is the name of the token without one, and history lines leave it out.
    const bool named = i > 0 || config.admin_token.empty();
    if (named && all[i].name == unnamed_operator) {
      wrong(fmt::format("{} is the name of CLAIMCHECK_ADMIN_TOKEN; choose another one",
                        unnamed_operator));
    }
  }
}

std::vector<Operator> all_operators(const Config& config) {
  std::vector<Operator> all;
  if (!config.admin_token.empty()) {
    all.push_back(
        {.name = std::string(unnamed_operator), .role = Role::act, .token = config.admin_token});
  }
  all.insert(all.end(), config.operators.begin(), config.operators.end());
  return all;
}

}  // namespace claimcheck
