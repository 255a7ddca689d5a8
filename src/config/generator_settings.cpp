#include "config/generator_settings.hpp"

#include "config/http_generator_settings.hpp"
#include "config/model_settings.hpp"
#include "config/nearest.hpp"
#include "domain/names.hpp"
#include "generator/http_generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace claimcheck {

namespace {

constexpr std::size_t name_bytes_max = 40;

// A name becomes part of keys in Redis, addresses and file ids.
bool is_generator_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= name_bytes_max && std::ranges::all_of(name, plain);
}

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos && std::string_view(entry).substr(0, equals) == name) {
      return entry.substr(equals + 1);
    }
  }
  return {};
}

// One table. Keys that are not known are a mistake with the nearest known one.
class GeneratorReader {
 public:
  GeneratorReader(std::string_view name, const std::vector<std::string>& environment,
                  const TellWrong& wrong, GeneratorOptions& options)
      : name_(name), environment_(environment), wrong_(wrong), options_(options) {}

  void read(const toml::table& table) {
    for (const auto& [key, node] : table) read_key(key.str(), node);
    if (options_.name == built_in_generator) return;
    if (!table.contains("kind")) mistake("", table, "needs a kind: " + kinds());
    if (options_.url.empty()) options_.url = default_url(options_.kind);
    if (options_.url.empty()) mistake("", table, "needs a url");
    const bool http = options_.kind == GeneratorKind::http;  // a server of one's own may be open
    if (options_.key.empty() && !http) mistake("", table, "needs key, or key_env");
    if (http && table.contains("http")) check_description(table);
    if (http != table.contains("http")) {
      mistake("", table, http ? "needs a table http" : "a table http is for the kind http");
    }
  }

 private:
  void mistake(std::string_view key, const toml::node& node, std::string_view what) {
    wrong_(fmt::format("generator.{}{}{}", name_, key.empty() ? "" : ".", key), node, what);
  }

  // What its parts say together, with the inputs of the models that are laid over its body.
  void check_description(const toml::table& table) {
    if (!described_) return;
    for (const std::string& line : check_http_options(options_.http, options_.models)) {
      const std::size_t colon = std::min(line.find(": "), line.size());
      mistake("http." + line.substr(0, colon), *table.get("http"),
              line.substr(std::min(colon + 2, line.size())));
    }
  }

  static std::string kinds() { return "superduperai, fal, replicate, openrouter or http"; }

  void read_key(std::string_view key, const toml::node& node) {
    const std::string text = node.value_exact<std::string>().value_or("");
    if (key == "kind") return read_kind(node, text);
    if (key == "url") return read_url(node, text);
    if (key == "key" || key == "callback_secret") return read_secret(key, node, text);
    if (key == "key_env" || key == "callback_secret_env") return read_from(key, node, text);
    if (key == "poll_every") return read_poll(node, text);
    if (key == "concurrency") {
      return read_limit(key, node, concurrency_max, options_.capacity.concurrency);
    }
    if (key == "submits_per_minute") {
      return read_limit(key, node, submits_per_minute_max, options_.capacity.submits_per_minute);
    }
    if (key == "callback_keys_url") return read_keys_url(node, text);
    if (key == "models") return read_models(node);
    if (key == "http") {
      const std::string place = fmt::format("generator.{}.http", name_);
      auto described = read_http_generator(place, node, wrong_);
      described_ = described.has_value();
      if (described) options_.http = std::move(*described);
      return;
    }
    static const std::vector<std::string> known = {"kind",
                                                   "url",
                                                   "key",
                                                   "key_env",
                                                   "callback_secret",
                                                   "callback_secret_env",
                                                   "poll_every",
                                                   "concurrency",
                                                   "submits_per_minute",
                                                   "callback_keys_url",
                                                   "models",
                                                   "http"};
    mistake(key, node, "unknown key of a generator" + did_you_mean(key, known));
  }

  void read_kind(const toml::node& node, const std::string& text) {
    const auto kind = from_name<GeneratorKind>(text);
    if (!kind) return mistake("kind", node, "must be " + kinds());
    if (options_.name == built_in_generator && *kind != GeneratorKind::superduperai) {
      return mistake("kind", node, "the generator of this name is of the kind superduperai");
    }
    options_.kind = *kind;
  }

  void read_url(const toml::node& node, const std::string& text) {
    std::string url = web_address(text);
    while (url.ends_with('/')) url.pop_back();
    if (url.empty()) return mistake("url", node, "must begin with http:// or https://");
    options_.url = std::move(url);
  }

  void read_keys_url(const toml::node& node, const std::string& text) {
    options_.callback_keys_url = web_address(text);
    if (options_.callback_keys_url.empty()) {
      mistake("callback_keys_url", node, "must begin with http:// or https://");
    }
  }

  Secret& secret(std::string_view key) {
    return key.starts_with("callback") ? options_.callback_secret : options_.key;
  }

  void read_secret(std::string_view key, const toml::node& node, const std::string& text) {
    if (text.empty()) return mistake(key, node, "must be a text");
    secret(key) = Secret(text);
  }

  void read_from(std::string_view key, const toml::node& node, const std::string& variable) {
    const std::string value = value_of(environment_, variable);
    if (value.empty()) {
      return mistake(key, node, fmt::format("the environment has no {}", variable));
    }
    secret(key) = Secret(value);
  }

  void read_poll(const toml::node& node, const std::string& text) {
    const auto every = parse_duration(text);
    if (!every || *every > std::chrono::minutes(5)) {
      return mistake("poll_every", node, "must be a duration like 5s, at most 5m");
    }
    options_.poll_min = *every;
  }

  void read_limit(std::string_view key, const toml::node& node, std::int64_t most,
                  std::int64_t& limit) {
    // Exact: 1.5 or true must not become a number.
    const auto number = node.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > most) {
      return mistake(key, node, fmt::format("must be a number from 0 to {}; 0 = no limit", most));
    }
    limit = *number;
  }

  void read_models(const toml::node& node) {
    const toml::table* models = node.as_table();
    if (models == nullptr) return mistake("models", node, "must be tables by model");
    for (const auto& [model, entry] : *models) {
      const std::string key = fmt::format("generator.{}.models.\"{}\"", name_, model.str());
      options_.models.push_back(read_model(key, model.str(), entry, wrong_));
    }
  }

  std::string_view name_;
  bool described_ = false;  // each key of its table http could be read
  const std::vector<std::string>& environment_;
  const TellWrong& wrong_;
  GeneratorOptions& options_;
};

// What a tool sells and this choice does not offer.
void check_offer(const Tool& tool, const GeneratorChoice& choice, const ModelOptions& model,
                 ConfigErrors& errors) {
  const auto lacks = [&](std::string_view what) {
    errors.lines.push_back(fmt::format("tool.{}: {}:{} does not make {}", tool.slug,
                                       choice.generator, choice.model, what));
  };
  for (const double duration : tool.durations) {
    const bool timed = tool.media != MediaKind::image && !model.durations.empty();
    if (timed && std::ranges::find(model.durations, duration) == model.durations.end()) {
      lacks(fmt::format("{} seconds", duration));
    }
  }
  for (const std::string& size : tool.resolutions) {
    const bool sized = tool.media != MediaKind::audio && !model.resolutions.empty();
    if (sized && std::ranges::find(model.resolutions, size) == model.resolutions.end()) {
      lacks(size);
    }
  }
}

// Of these we call the part that makes videos, whatever else they offer.
bool makes_videos_only(GeneratorKind kind) {
  return kind == GeneratorKind::superduperai || kind == GeneratorKind::openrouter;
}

// Found at the start: otherwise a buyer would pay for what this generator cannot make.
void check_kind(const Tool& tool, const GeneratorChoice& choice, GeneratorKind kind,
                ConfigErrors& errors) {
  if (tool.media == MediaKind::video || !makes_videos_only(kind)) return;
  errors.lines.push_back(
      fmt::format("tool.{}: its type is {}, and {} makes videos only; name others in `generators`",
                  tool.slug, name_of(tool.media), choice.generator));
}

}  // namespace

ReadOutcome read_possible_doubles(std::string_view text, Config& config) {
  return read_number(text, 0, further_generations_max, config.policy.doubles_max);
}

ReadOutcome read_fallback_after(std::string_view text, Config& config) {
  const auto after = parse_duration(text);
  if (!after) return std::unexpected(after.error());
  config.policy.fallback_after = *after;
  return {};
}

std::expected<GeneratorChoice, BadText> parse_choice(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    return bad("must be generator:model, like \"fal:fal-ai/veo3/fast\"");
  }
  return GeneratorChoice{.generator = std::string(text.substr(0, colon)),
                         .model = std::string(text.substr(colon + 1))};
}

void read_generator_tables(const toml::node& node, const std::vector<std::string>& environment,
                           const TellWrong& wrong, Config& config) {
  const toml::table* tables = node.as_table();
  if (tables == nullptr) {
    return wrong("generator", node, "must be tables like [generator.fal]");
  }
  for (const auto& [name, entry] : *tables) {
    const toml::table* table = entry.as_table();
    if (table == nullptr || !is_generator_name(name.str())) {
      wrong(fmt::format("generator.{}", name.str()), entry,
            table == nullptr ? std::string("must be a table")
                             : fmt::format("a name has 1 to {} small letters, digits and dashes",
                                           name_bytes_max));
      continue;
    }
    const bool built_in = name.str() == built_in_generator;
    GeneratorOptions fresh{.name = std::string(name.str())};
    GeneratorOptions& options = built_in ? config.superduperai : fresh;
    GeneratorReader(name.str(), environment, wrong, options).read(*table);
    if (!built_in) config.generators.push_back(std::move(fresh));
  }
}

bool is_used(const Config& config, std::string_view generator) {
  std::set<std::string> slugs;
  for (const Price& price : config.catalog.prices) {
    slugs.insert(price.tool);
    slugs.insert(price.also.begin(), price.also.end());
  }
  return std::ranges::any_of(slugs, [&](const std::string& slug) {
    const Tool* tool = config.catalog.tool(slug);
    if (tool == nullptr) return false;
    const auto all = config.catalog.generators_of(*tool);
    return std::ranges::find(all, generator, &GeneratorChoice::generator) != all.end();
  });
}

void check_generators(const Config& config, ConfigErrors& errors) {
  const std::vector<GeneratorOptions> all = all_generators(config);
  for (const GeneratorOptions& one : config.generators) {
    for (const GeneratorOptions& other : config.generators) {
      // A file id is the name, a dash and the job: it would belong to both.
      if (!other.name.starts_with(one.name + "-")) continue;
      errors.lines.push_back(
          fmt::format("generator.{}: a name must not begin with {}-, the name of "
                      "another generator",
                      other.name, one.name));
    }
  }
  for (const Tool& tool : config.catalog.tools) {
    for (const GeneratorChoice& choice : config.catalog.generators_of(tool)) {
      const auto known = std::ranges::find(all, choice.generator, &GeneratorOptions::name);
      if (choice.generator == built_in_generator) {
        check_kind(tool, choice, GeneratorKind::superduperai, errors);
      } else if (known != all.end()) {
        check_kind(tool, choice, known->kind, errors);
      }
      if (known != all.end()) {
        if (const ModelOptions* model = known->model(choice.model)) {
          check_offer(tool, choice, *model, errors);
        }
      } else if (choice.generator != built_in_generator) {
        // Without the token of the built-in one the start ends by a line of its own.
        errors.lines.push_back(
            fmt::format("tool.{}: there is no [generator.{}]", tool.slug, choice.generator));
      }
    }
  }
}

}  // namespace claimcheck
