#include "cli/cli.hpp"

#include "app/service.hpp"
#include "base/log.hpp"
#include "base/log_writer.hpp"
#include "base/version.hpp"
#include "cli/action.hpp"
#include "cli/audit.hpp"
#include "cli/doctor.hpp"
#include "cli/session.hpp"
#include "cli/store.hpp"
#include "config/config.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>

namespace claimcheck {

namespace {

// load_config has checked the word, so the last line is `info`.
LogLevel level_of(const std::string& name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warn") return LogLevel::warn;
  if (name == "error") return LogLevel::error;
  return name == "off" ? LogLevel::off : LogLevel::info;
}

// From the table of settings, so that help and server agree.
std::string settings_help() {
  std::string text = "Settings (file < environment < flag; --config FILE names a TOML file):\n";
  for (const SettingInfo& info : setting_infos()) {
    text += fmt::format("  {:<27} {:<26} {} [{}]\n", info.environment, info.flag, info.meaning,
                        info.default_text);
  }
  return text;
}

// Prints the mistakes, a line for each setting, all of them at once.
std::expected<Config, ExitCode> read_config(const ConfigSources& sources, bool for_serving) {
  auto config = load_config(sources, for_serving);
  if (config) return std::move(*config);
  for (const std::string& line : config.error().lines) std::cerr << "claimcheck: " << line << '\n';
  // As for a wrong flag: a start again with the same settings does not help.
  return std::unexpected(ExitCode::usage);
}

ExitCode run_serve(ConfigSources sources) {
  // Everything that a server needs must be set, or it would start and fail its first order.
  auto config = read_config(sources, true);
  if (!config) return config.error();
  // Before the first line, or the first lines would ignore the setting.
  set_log_level(level_of(config->log_level));
  const LogWriter writer;
  return serve(std::move(*config));
}

// The commands demand less: an order can be read without Stripe's key. Their log has errors only,
// since the result is the output.
ExitCode run_session(ConfigSources sources, const SessionCommand& command) {
  auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return run_session_command(*config, command);
}

ExitCode run_action(ConfigSources sources, const ActionCommand& command) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return run_action_command(*config, command);
}

// A command for each decision that a person can make about an order.
void add_actions(CLI::App& session, ActionCommand& wanted) {
  const auto add = [&](const std::string& name, const std::string& meaning) {
    CLI::App* command = session.add_subcommand(name, meaning);
    command->add_option("session", wanted.session_id, "cs_test_… or cs_live_…")->required();
    command->add_option("--note", wanted.words.note, "why, for the order's history: one line");
    // The name is the action of the API: one reader checks both.
    command->callback([&wanted, name] { wanted.words.action = name; });
    command->allow_extras();
    command->footer(settings_help());
    return command;
  };
  // Without --unit the story takes the only unit, and refuses when there are several.
  const auto for_units = [&](CLI::App* command, bool all) {
    command->add_option("--unit", wanted.words.unit,
                        "which video, from 0; the only one if not said");
    if (all) command->add_flag("--all", wanted.words.all, "every video that it can be done for");
    return command;
  };
  add("look", "look at it now");
  for_units(add("retry", "what failed or is held goes on, without another generation if it can"),
            true);
  for_units(add("resubmit", "make it once more: costs another generation"), false);
  for_units(add("deliver", "deliver by hand"), false)
      ->add_option("--url", wanted.words.url, "the https address of the video")
      ->required();
  for_units(add("refund", "refund what is not delivered, whatever the breaker says"), true);
  add("erase", "erase personal data of an order that is over");
}

ExitCode run_doctor_command(ConfigSources sources) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  // The findings say the same in sentences, and are the result.
  set_log_level(LogLevel::off);
  return run_doctor(*config);
}

ExitCode run_audit_command(ConfigSources sources, const AuditCommand& command) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  // Checked here, since only this command needs the key and all others work without it.
  if (config->stripe.key.empty()) {
    std::cerr << "claimcheck: audit reads Stripe: set STRIPE_SECRET_KEY\n";
    return ExitCode::usage;
  }
  return run_audit(*config, command);
}

ExitCode run_refunds(ConfigSources sources, bool release) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return release ? release_refunds(*config) : show_refunds(*config);
}

}  // namespace

int run_command_line(std::vector<std::string> arguments, std::vector<std::string> environment) {
  CLI::App app{"claimcheck: every paid generation is delivered or accounted for."};
  app.set_version_flag("--version", fmt::format("claimcheck {}", version));
  app.footer(settings_help());
  // What CLI11 does not know may be a setting, such as --redis-url: load_config reads the rest and
  // refuses the unknown.
  app.allow_extras();
  CLI::App* serve_command = app.add_subcommand("serve", "run the server (the default)");
  CLI::App* session = app.add_subcommand("session", "look at orders in Redis, decide held ones");
  // `session` alone would do nothing, and a person would wait for an answer.
  session->require_subcommand(1);
  SessionCommand wanted;
  CLI::App* show = session->add_subcommand("show", "one order: what is stored, and its history");
  show->add_option("session", wanted.session_id, "cs_test_… or cs_live_…")->required();
  // The prompt is in the JSON alone: a person must ask for it.
  show->add_flag("--json", wanted.json, "the stored records as JSON, with the prompt");
  CLI::App* list = session->add_subcommand("list", "the newest orders");
  // Bounded: each order of the list is a call to Redis.
  list->add_option("--limit", wanted.limit, "how many [20]")->check(CLI::Range(1, 1000));
  list->add_flag("--json", wanted.json, "one JSON object a line");
  ActionCommand decided;
  add_actions(*session, decided);
  CLI::App* refunds = app.add_subcommand("refunds", "the breaker in front of automatic refunds");
  refunds->require_subcommand(1);
  CLI::App* refunds_show = refunds->add_subcommand("show", "do automatic refunds go on?");
  CLI::App* refunds_release = refunds->add_subcommand("release", "let stopped refunds go on");
  CLI::App* doctor = app.add_subcommand("doctor", "is this Redis, and Stripe, fit to serve on?");
  CLI::App* audit = app.add_subcommand("audit", "the books twice, from Redis and from Stripe");
  AuditCommand audited;
  audit->add_option("--days", audited.days, "orders of the last so many days [30]")
      ->check(CLI::Range(1, audit_days_max));
  audit->add_flag("--json", audited.json, "one JSON object");
  // Every command takes the settings as flags, so each of them lists them.
  for (CLI::App* command :
       {serve_command, doctor, audit, show, list, refunds_show, refunds_release}) {
    command->allow_extras();
    command->footer(settings_help());
  }

  // CLI11 takes the arguments from the end of the vector.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    // --help and --version end here as well, with 0; CLI11's own numbers are no ExitCode.
    return code == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  // The rest are settings: they are read only now, for the command that was chosen.
  ConfigSources sources{.arguments = app.remaining(true), .environment = std::move(environment)};
  ExitCode code = ExitCode::ok;
  // The decisions are subcommands of `session`, so they are tested before it.
  if (!decided.words.action.empty()) {
    code = run_action(std::move(sources), decided);
  } else if (session->parsed()) {
    // `show` and `list` differ only here: both read orders from one store.
    wanted.list = list->parsed();
    code = run_session(std::move(sources), wanted);
  } else if (audit->parsed()) {
    code = run_audit_command(std::move(sources), audited);
  } else if (doctor->parsed()) {
    code = run_doctor_command(std::move(sources));
  } else if (refunds->parsed()) {
    code = run_refunds(std::move(sources), refunds_release->parsed());
  } else {
    // No command, or `serve`: the server is what a container starts without arguments.
    code = run_serve(std::move(sources));
  }
  return static_cast<int>(code);
}

}  // namespace claimcheck
