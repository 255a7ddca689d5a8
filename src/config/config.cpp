#include "config/config.hpp"

#include "config/config_file.hpp"
#include "config/generator_settings.hpp"
#include "config/nearest.hpp"
#include "config/operator_settings.hpp"
#include "config/redis_settings.hpp"
#include "config/settings.hpp"
#include "config/storage_settings.hpp"
#include "config/worker_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace claimcheck {

namespace {

void read_setting(const Setting& setting, std::string_view name, std::string_view text,
                  Config& config, ConfigErrors& errors) {
  // The name as it was given, flag or variable, so that a person finds the place. Never the text:
  // it may be a secret.
  const ReadOutcome read = setting.read(text, config);
  if (!read) errors.lines.push_back(fmt::format("{}: {}", name, read.error().why));
}

bool is_known(std::string_view variable) {
  // These two name the file and a failpoint, so they are no rows of the table.
  if (variable == "CLAIMCHECK_CONFIG" || variable == "CLAIMCHECK_FAIL") return true;
  return std::ranges::find(settings(), variable, &Setting::environment) != settings().end();
}

// Other programs have settings by these names, too far from ours to look like typing errors.
std::string_view other_name(std::string_view key) {
  if (key == "port" || key == "host" || key == "bind" || key == "address") return "listen";
  if (key == "redis") return "redis_url";
  return {};
}

std::string near_setting(std::string_view name) {
  std::vector<std::string> known = {"CLAIMCHECK_CONFIG"};
  for (const Setting& setting : settings()) known.emplace_back(setting.environment);
  const std::string_view other = other_name(file_key(name));
  for (const std::string& one : known) {
    if (file_key(one) == other) return fmt::format("; did you mean {}?", one);
  }
  return did_you_mean(name, known);
}

std::string near_flag(std::string_view flag) {
  // Its older name counted from 0, so it must not be taken for the new one.
  if (flag == "--unit") return "; say --video, which counts from 1";
  std::vector<std::string> known = {"--config", "--help", "--version"};
  for (const Setting& setting : settings()) known.push_back(flag_name(setting.environment));
  const std::string_view other = other_name(flag.substr(std::min<std::size_t>(2, flag.size())));
  for (const Setting& setting : settings()) {
    if (file_key(setting.environment) != other) continue;
    return fmt::format("; did you mean {}?", flag_name(setting.environment));
  }
  return did_you_mean(flag, known);
}

void read_environment(const std::vector<std::string>& environment, Config& config,
                      ConfigErrors& errors) {
  // A map, so that errors come in the same sequence at every start.
  std::map<std::string_view, std::string_view> given;
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) continue;
    given[std::string_view(entry).substr(0, equals)] = std::string_view(entry).substr(equals + 1);
  }
  for (const auto& [name, text] : given) {
    // A misspelled name must not be ignored silently. Other prefixes belong to other programs.
    if (!name.starts_with("CLAIMCHECK_") || is_known(name)) continue;
    errors.lines.push_back(fmt::format("{}: unknown setting{}", name, near_setting(name)));
  }
  for (const Setting& setting : settings()) {
    const auto found = given.find(setting.environment);
    // Empty counts as not set: compose files and units leave a variable out in that way.
    if (found == given.end() || found->second.empty()) continue;
    read_setting(setting, setting.environment, found->second, config, errors);
  }
}

const Setting* setting_of_flag(std::string_view flag) {
  const auto is_named = [flag](const Setting& s) { return flag_name(s.environment) == flag; };
  const auto found = std::ranges::find_if(settings(), is_named);
  return found == settings().end() ? nullptr : &*found;
}

void read_flags(const std::vector<std::string>& arguments, Config& config, ConfigErrors& errors) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const std::size_t equals = argument.find('=');
    // Only the part before `=`: a value may hold further ones.
    const std::string flag = argument.substr(0, equals);
    const Setting* setting = setting_of_flag(flag);
    // All mistakes are collected: one start shows all of them.
    if (setting == nullptr) {
      const bool is_flag = flag.starts_with('-');
      errors.lines.push_back(is_flag ? fmt::format("{}: unknown flag{}", flag, near_flag(flag))
                                     : fmt::format("{}: unknown argument", flag));
      // The next word is its value, and no mistake of its own.
      const bool apart = is_flag && equals == std::string::npos;
      if (apart && i + 1 < arguments.size() && !arguments[i + 1].starts_with('-')) ++i;
      continue;
    }
    // With `=` the value may be empty; without it the next argument is the value.
    if (equals != std::string::npos) {
      read_setting(*setting, flag, argument.substr(equals + 1), config, errors);
      // The next argument is the value, also when it begins with dashes: a secret may.
    } else if (i + 1 < arguments.size()) {
      read_setting(*setting, flag, arguments[++i], config, errors);
    } else {
      errors.lines.push_back(fmt::format("{}: a value is missing", flag));
    }
  }
}

// Takes "--config FILE" out of the arguments, or else uses CLAIMCHECK_CONFIG. The file must be
// known before all other settings, as the weakest source.
std::optional<std::string> take_config_file(ConfigSources& sources) {
  std::optional<std::string> file;
  constexpr std::string_view variable = "CLAIMCHECK_CONFIG=";
  for (const std::string& entry : sources.environment) {
    if (entry.starts_with(variable) && entry.size() > variable.size()) {
      file = entry.substr(variable.size());
    }
  }
  // The flag comes after the variable, since it is the stronger of the two.
  std::vector<std::string>& arguments = sources.arguments;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--config" && i + 1 < arguments.size()) {
      file = arguments[i + 1];
      // Taken out, since no row of the table has this flag.
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i),
                      arguments.begin() + static_cast<std::ptrdiff_t>(i + 2));
      break;
    }
    if (arguments[i].starts_with("--config=")) {
      file = arguments[i].substr(std::string_view("--config=").size());
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
  return file;
}

void check_for_serving(const Config& config, ConfigErrors& errors) {
  const auto demand = [&errors](bool there, std::string line) {
    if (!there) errors.lines.push_back(std::move(line));
  };
  // Only what would let the server start and then fail its first order.
  demand(!config.stripe.key.empty(), "STRIPE_SECRET_KEY: not set");
  demand(!config.webhook_secrets.empty(), "STRIPE_WEBHOOK_SECRET: not set");
  demand(!config.catalog.prices.empty(), "STRIPE_PRICE_IDS: nothing is for sale");
  // A shop whose tools name other generators needs no account there.
  demand(!config.superduperai.key.empty() ||
             (!config.generators.empty() && !is_used(config, built_in_generator)),
         "SUPERDUPERAI_TOKEN: not set");
  for (const Price& price : config.catalog.prices) {
    // Not checked while the prices are read: tools may come from the file, prices from a flag.
    std::vector<std::string> slugs = price.also;
    slugs.insert(slugs.begin(), price.tool);
    for (const std::string& slug : slugs) {
      demand(config.catalog.tool(slug) != nullptr,
             fmt::format("STRIPE_PRICE_IDS: {} buys the tool {}, which is not configured", price.id,
                         slug));
    }
  }
}

// Prices may come from a stronger source than the file, so this is checked when all are read.
void check_products(const Config& config, ConfigErrors& errors) {
  std::vector<std::string> known;
  for (const Price& price : config.catalog.prices) known.push_back(price.id);
  for (const auto& [id, title] : config.shop.products) {
    if (config.catalog.price(id) != nullptr) continue;
    errors.lines.push_back(
        fmt::format("shop.products.{}: is not in STRIPE_PRICE_IDS{}", id, did_you_mean(id, known)));
  }
}

void check_screening(const Config& config, ConfigErrors& errors) {
  const bool url = !config.screening.url.empty();
  const bool secret = !config.screening.keys.empty();
  if (url && !secret) errors.lines.emplace_back("CLAIMCHECK_SCREENING_SECRET: not set");
  if (secret && !url) errors.lines.emplace_back("CLAIMCHECK_SCREENING_URL: not set");
  // The buyer's page must live as long as the buyer may write.
  const bool may_edit = config.policy.prompt_edits_max > 0;
  if (may_edit && config.policy.prompt_edit_time > config.store.session_ttl) {
    errors.lines.emplace_back("CLAIMCHECK_PROMPT_EDIT_TIME: is longer than CLAIMCHECK_SESSION_TTL");
  }
}

void check_notifications(const Config& config, ConfigErrors& errors) {
  // Half a channel would never send anything, and nobody would notice.
  const bool url = !config.shop_webhook.url.empty();
  const bool secret = !config.shop_webhook.keys.empty();
  if (url && !secret) errors.lines.emplace_back("CLAIMCHECK_NOTIFY_SECRET: not set");
  if (secret && !url) errors.lines.emplace_back("CLAIMCHECK_NOTIFY_URL: not set");
  const bool server = !config.smtp.url.empty();
  const bool sender = !config.buyer_mail.from.address.empty();
  if (server && !sender) errors.lines.emplace_back("CLAIMCHECK_MAIL_FROM: not set");
  // The default is the address this process listens on, which is no use in a buyer's mail.
  if (server && config.public_url.empty()) {
    errors.lines.emplace_back("CLAIMCHECK_PUBLIC_URL: not set; mails to buyers hold links to it");
  }
  if (!server && !config.operator_mail.empty()) {
    errors.lines.emplace_back("CLAIMCHECK_SMTP_URL: not set; CLAIMCHECK_OPERATOR_MAIL needs it");
  }
  // A sender without a server looks like a forgotten setting, and no mail would ever go out.
  if (!server && (sender || config.buyer_mail.reply_to)) {
    errors.lines.emplace_back("CLAIMCHECK_SMTP_URL: not set");
  }
}

}  // namespace

std::expected<Config, ConfigErrors> load_config(const ConfigSources& sources, bool for_serving) {
  Config config;
  ConfigErrors errors;
  ConfigSources rest = sources;
  // From the weakest source to the strongest: each one overwrites the settings before it.
  if (const auto file = take_config_file(rest))
    read_config_file(*file, sources.environment, config, errors);
  read_environment(rest.environment, config, errors);
  read_flags(rest.arguments, config, errors);
  // Only without errors: a setting that could not be read would be reported again, as missing.
  if (for_serving && errors.lines.empty()) check_for_serving(config, errors);
  if (for_serving && errors.lines.empty()) check_products(config, errors);
  if (errors.lines.empty()) check_generators(config, errors);
  if (errors.lines.empty()) check_screening(config, errors);
  if (errors.lines.empty()) check_notifications(config, errors);
  if (errors.lines.empty()) check_operators(config, errors);
  if (errors.lines.empty()) check_storage(config, errors);
  if (errors.lines.empty()) check_redis(config, errors);
  if (for_serving && errors.lines.empty()) check_workers(config, errors);
  // No partial Config: a server must not run with half of its settings.
  if (!errors.lines.empty()) return std::unexpected(std::move(errors));
  config.policy.keeps_results = !config.storage.url.empty();
  // What is deleted by its age is no lost link.
  Duration& watched = config.policy.link_watched_for;
  if (config.storage.kept_for > Duration(0)) watched = std::min(watched, config.storage.kept_for);
  // The order machine and the store must not disagree about these two, so one setting gives both.
  config.policy.claim_life = config.store.session_ttl;
  config.policy.refund_alone_max_minor = config.store.refunds.amount_per_hour_minor;
  return config;
}

std::vector<GeneratorOptions> all_generators(const Config& config) {
  std::vector<GeneratorOptions> all = config.generators;
  if (!config.superduperai.key.empty()) all.insert(all.begin(), config.superduperai);
  return all;
}

std::vector<SettingInfo> setting_infos() {
  std::vector<SettingInfo> infos;
  for (const Setting& setting : settings()) {
    // From the table itself, so --help cannot differ from what is read.
    infos.push_back({.flag = flag_name(setting.environment),
                     .environment = std::string(setting.environment),
                     .default_text = std::string(setting.default_text),
                     .meaning = std::string(setting.meaning)});
  }
  return infos;
}

std::string to_string(Durability durability) {
  // The settings table compares with this text, so it is also how the setting is read.
  std::string text = durability.disk ? "disk" : "";
  if (durability.replicas > 0) {
    text += fmt::format("{}replicas:{}", text.empty() ? "" : "+", durability.replicas);
  }
  return text.empty() ? "memory" : text;
}

}  // namespace claimcheck
