#include "cli/cli.hpp"

#include "app/service.hpp"
#include "app/workers.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/log_form.hpp"
#include "base/log_writer.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/action.hpp"
#include "cli/audit.hpp"
#include "cli/checkout_pause.hpp"
#include "cli/doctor.hpp"
#include "cli/orders.hpp"
#include "cli/session.hpp"
#include "cli/store.hpp"
#include "cli/stripe_setup.hpp"
#include "config/config.hpp"
#include "config/nearest.hpp"
#include "net/child_process.hpp"
#include "net/inherited.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <unistd.h>

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

// Text for people only where a person reads it, and colours only where they are wanted.
LogForm form_of(const std::string& format, const std::vector<std::string>& environment) {
  const auto value = [&environment](std::string_view name) -> std::string_view {
    for (const std::string_view entry : environment) {
      if (entry.starts_with(name)) return entry.substr(name.size());
    }
    return {};
  };
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (format == "json" || (format == "auto" && !terminal)) return LogForm::json;
  const bool colours = terminal && value("NO_COLOR=").empty() && value("TERM=") != "dumb";
  return colours ? LogForm::coloured : LogForm::text;
}

// "claimcheck 0.1.0", and the commit where the build knew it.
std::string version_text(std::string_view commit) {
  if (commit.empty()) return fmt::format("claimcheck {}", version);
  return fmt::format("claimcheck {} ({})", version, commit);
}

// Prints the mistakes, a line for each setting, all of them at once.
std::expected<Config, ExitCode> read_config(const ConfigSources& sources, bool for_serving) {
  auto config = load_config(sources, for_serving);
  if (config) {
    // Before the first line of the log, or it would ignore the setting.
    set_log_form(form_of(config->log_format, sources.environment));
    return std::move(*config);
  }
  for (const std::string& line : config.error().lines) std::cerr << "claimcheck: " << line << '\n';
  // As for a wrong flag: a start again with the same settings does not help.
  return std::unexpected(ExitCode::usage);
}

// As we were called: by a path, or by a name in PATH.
std::string own_path() {
  std::ifstream file("/proc/self/cmdline");
  std::string called;
  std::getline(file, called, '\0');
  if (called.find('/') != std::string::npos) return std::filesystem::absolute(called).string();
  std::string found = find_program({called});
  return found.empty() ? "/proc/self/exe" : found;
}

ExitCode run_serve(ConfigSources sources) {
  // Everything that a server needs must be set, or it would start and fail its first order.
  auto config = read_config(sources, true);
  if (!config) return config.error();
  // Before the first line, or the first lines would ignore the setting.
  set_log_level(level_of(config->log_level));
  const LogWriter writer;
  if (config->workers == 1 || inherited().worker >= 0) return serve(std::move(*config));
  sources.arguments.insert(sources.arguments.begin(), "serve");
  RealClock clock;
  return serve_by_workers(*config, clock,
                          {.path = own_path(),
                           .arguments = std::move(sources.arguments),
                           .environment = std::move(sources.environment)});
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

ExitCode run_csv(ConfigSources sources, const CsvCommand& command) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return run_csv_command(*config, command);
}

ExitCode run_held(ConfigSources sources, const HeldCommand& command) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return run_held_command(*config, command);
}

// Every command takes the settings as flags; the list of them is long, so it is at one place.
void takes_settings(CLI::App* command) {
  command->allow_extras();
  command->footer(
      "Settings: claimcheck help lists them. Each is a variable, a flag, or in a file.\n");
}

// A word that is no command. A flag is none, and the value behind one is not looked at.
ExitCode unknown_command(const CLI::App& app, const std::string& path, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  if (app.get_parent() == nullptr) known.emplace_back("help");
  if (!word.empty()) {
    std::cerr << fmt::format("claimcheck: {}{}: unknown command{}\n", path, printable(word),
                             did_you_mean(word, known));
  } else {
    std::cerr << fmt::format("claimcheck: {}needs one of: {}\n", path, fmt::join(known, ", "));
  }
  return ExitCode::usage;
}

std::string first_word(const std::vector<std::string>& rest) {
  return rest.empty() || rest.front().starts_with('-') ? std::string() : rest.front();
}

// A command for each decision that a person can make about an order.
void add_actions(CLI::App& session, ActionCommand& wanted) {
  const auto add = [&](const std::string& name, const std::string& meaning) {
    CLI::App* command = session.add_subcommand(name, meaning);
    command->add_option("session", wanted.session_id, "cs_test_… or cs_live_…")->required();
    command->add_option("--note", wanted.words.note, "why, for the order's history: one line");
    // The name is the action of the API: one reader checks both.
    command->callback([&wanted, name] { wanted.words.action = name; });
    takes_settings(command);
    return command;
  };
  // Without --video the story takes the only unit, and refuses when there are several.
  const auto for_units = [&](CLI::App* command, bool all) {
    command
        ->add_option("--video", wanted.video,
                     "which video, counted from 1; the only one if not said")
        ->check(CLI::Range(std::size_t{1}, units_max));
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

ExitCode run_stripe_command(ConfigSources sources) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return run_stripe_setup(*config);
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

ExitCode run_checkout(ConfigSources sources, CheckoutCommand command) {
  const auto config = read_config(sources, false);
  if (!config) return config.error();
  set_log_level(LogLevel::error);
  return run_checkout_command(*config, command);
}

// The tree of commands, and what was said of each.
struct CommandLine {
  CLI::App app{"Every paid generation is delivered or accounted for.", "claimcheck"};
  CLI::App* session = nullptr;
  CLI::App* list = nullptr;
  CLI::App* held = nullptr;
  CLI::App* refunds = nullptr;
  CLI::App* refunds_release = nullptr;
  CLI::App* checkout = nullptr;
  CheckoutCommand checkout_command = CheckoutCommand::show;
  CLI::App* doctor = nullptr;
  CLI::App* audit = nullptr;
  CLI::App* stripe = nullptr;
  SessionCommand wanted;
  ActionCommand decided;
  AuditCommand audited;
  CsvCommand csv;
  HeldCommand together;
};

void add_session(CommandLine& line) {
  line.session = line.app.add_subcommand("session", "look at orders in Redis, decide held ones");
  // Not required: an unknown word is answered with the nearest known one.
  line.session->allow_extras();
  CLI::App* show =
      line.session->add_subcommand("show", "one order: what is stored, and its history");
  show->add_option("session", line.wanted.session_id, "cs_test_… or cs_live_…")->required();
  // The prompt is in the JSON alone: a person must ask for it.
  show->add_flag("--json", line.wanted.json, "the stored records as JSON, with the prompt");
  line.list = line.session->add_subcommand("list", "the newest orders");
  // Bounded: each order of the list is a call to Redis.
  line.list->add_option("--limit", line.wanted.limit, "how many [20]")->check(CLI::Range(1, 1000));
  CLI::Option* json = line.list->add_flag("--json", line.wanted.json, "one JSON object a line");
  CLI::Option* csv = line.list->add_flag("--csv", line.csv.csv, "a file for spreadsheets");
  csv->excludes(json)->excludes("--limit");
  line.list->add_option("--filter", line.csv.filter, "with --csv: held, delivered, … [all]")
      ->needs(csv);
  line.list->add_option("--days", line.csv.days, "with --csv: of the last so many days [all]")
      ->check(CLI::Range(std::int64_t{1}, csv_days_max))
      ->needs(csv);
  line.held = line.session->add_subcommand("held", "what orders are held for; decide about many");
  // An option and no word: the words are the commands about one order.
  line.held->add_option("--action", line.together.action,
                        "retry, resubmit or refund, for at most 100 of one cause");
  line.held->add_option("--cause", line.together.cause, "what they are held for, as it is listed");
  line.held->add_option("--note", line.together.note, "why, for each order's history: one line");
  takes_settings(line.held);
  takes_settings(show);
  takes_settings(line.list);
  add_actions(*line.session, line.decided);
}

void add_checkout(CommandLine& line) {
  line.checkout = line.app.add_subcommand("checkout", "pause new checkouts, or open them again");
  line.checkout->allow_extras();
  const auto add = [&line](const char* name, const char* meaning, CheckoutCommand command) {
    CLI::App* added = line.checkout->add_subcommand(name, meaning);
    added->callback([&line, command] { line.checkout_command = command; });
    takes_settings(added);
  };
  add("show", "are new checkouts opened?", CheckoutCommand::show);
  add("pause", "open no new ones until resume", CheckoutCommand::pause);
  add("resume", "open new ones again", CheckoutCommand::resume);
}

void add_commands(CommandLine& line, std::string_view commit) {
  CLI::App& app = line.app;
  app.set_version_flag("--version", version_text(commit));
  app.footer(settings_help());
  // What CLI11 does not know may be a setting, such as --redis-url: load_config reads the rest and
  // refuses the unknown.
  app.allow_extras();
  takes_settings(app.add_subcommand("serve", "run the server (the default)"));
  add_session(line);
  line.refunds = app.add_subcommand("refunds", "the breaker in front of automatic refunds");
  line.refunds->allow_extras();
  takes_settings(line.refunds->add_subcommand("show", "do automatic refunds go on?"));
  line.refunds_release = line.refunds->add_subcommand("release", "let stopped refunds go on");
  takes_settings(line.refunds_release);
  add_checkout(line);
  line.doctor = app.add_subcommand("doctor", "is everything set up, so that orders can be served?");
  takes_settings(line.doctor);
  line.stripe = app.add_subcommand("stripe", "what Stripe must know of this server");
  line.stripe->allow_extras();
  takes_settings(
      line.stripe->add_subcommand("setup", "make the webhook endpoint, tell its secret"));
  line.audit = app.add_subcommand("audit", "the books twice, from Redis and from Stripe");
  line.audit->add_option("--days", line.audited.days, "orders of the last so many days [30]")
      ->check(CLI::Range(1, audit_days_max));
  line.audit->add_flag("--json", line.audited.json, "one JSON object");
  takes_settings(line.audit);
}

// What was typed and is no command; nothing = all was understood so far.
std::optional<ExitCode> not_a_command(const CommandLine& line) {
  for (const CLI::App* group : {line.session, line.refunds, line.checkout, line.stripe}) {
    if (!group->parsed() || !group->get_subcommands().empty()) continue;
    return unknown_command(*group, group->get_name() + " ", first_word(group->remaining()));
  }
  const std::string word = first_word(line.app.remaining());
  if (!line.app.get_subcommands().empty() || word.empty()) return std::nullopt;
  return unknown_command(line.app, "", word);
}

ExitCode run_chosen(CommandLine& line, ConfigSources sources) {
  // The decisions are subcommands of `session`, so they are tested before it.
  if (!line.decided.words.action.empty()) return run_action(std::move(sources), line.decided);
  if (line.held->parsed()) return run_held(std::move(sources), line.together);
  if (line.csv.csv) return run_csv(std::move(sources), line.csv);
  if (line.session->parsed()) {
    // `show` and `list` differ only here: both read orders from one store.
    line.wanted.list = line.list->parsed();
    return run_session(std::move(sources), line.wanted);
  }
  if (line.audit->parsed()) return run_audit_command(std::move(sources), line.audited);
  if (line.stripe->parsed()) return run_stripe_command(std::move(sources));
  if (line.doctor->parsed()) return run_doctor_command(std::move(sources));
  if (line.checkout->parsed()) return run_checkout(std::move(sources), line.checkout_command);
  if (line.refunds->parsed())
    return run_refunds(std::move(sources), line.refunds_release->parsed());
  // No command, or `serve`: the server is what a container starts without arguments.
  return run_serve(std::move(sources));
}

}  // namespace

int run_command_line(std::vector<std::string> arguments, std::vector<std::string> environment,
                     std::string_view commit) {
  // "help session show" is the same as "session show --help".
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  CommandLine line;
  add_commands(line, commit);
  // CLI11 takes the arguments from the end of the vector.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    line.app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    // --help and --version end here as well.
    if (error.get_exit_code() == 0) return line.app.exit(error);
    // In the form of all other mistakes; CLI11's own numbers are no ExitCode.
    std::cerr << "claimcheck: " << error.what() << '\n';
    return static_cast<int>(ExitCode::usage);
  }
  if (const auto code = not_a_command(line)) return static_cast<int>(*code);
  // The rest are settings: they are read only now, for the command that was chosen.
  ConfigSources sources{.arguments = line.app.remaining(true),
                        .environment = std::move(environment)};
  return static_cast<int>(run_chosen(line, std::move(sources)));
}

}  // namespace claimcheck
