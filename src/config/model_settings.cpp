#include "config/model_settings.hpp"

#include "config/nearest.hpp"
#include "domain/catalog.hpp"
#include "domain/names.hpp"
#include "generator/input_template.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace claimcheck {

namespace {

// "0.15 usd" or "24 credits", as micros and currency; nothing = it is not of that form.
std::optional<std::pair<std::int64_t, std::string>> parse_cost(std::string_view text) {
  constexpr double amount_max = 1e6;
  constexpr double micros = 1e6;
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || space + 1 == text.size()) return std::nullopt;
  double amount = 0;
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + space, amount, std::chars_format::fixed);
  const std::string_view currency = text.substr(space + 1);
  const bool word = std::ranges::all_of(currency, [](char c) { return c >= 'a' && c <= 'z'; });
  const bool read = error == std::errc() && stop == text.data() + space;
  if (!read || !word || amount < 0 || amount > amount_max) return std::nullopt;
  return std::pair(std::llround(amount * micros), std::string(currency));
}

class ModelReader {
 public:
  ModelReader(const std::string& key, const TellWrong& wrong, ModelOptions& model)
      : key_(key), wrong_(wrong), model_(model) {}

  void read(std::string_view key, const toml::node& node) {
    if (key == "prompt_max") return read_prompt_max(node);
    if (key == "prompt_unit") return read_prompt_unit(node);
    if (key == "durations") return read_durations(node);
    if (key == "resolutions") return read_resolutions(node);
    if (key == "input") return read_input(node);
    if (key == "cost_per_run") return read_cost(key, node, model_.cost_per_run_micros);
    if (key == "cost_per_second") return read_cost(key, node, model_.cost_per_second_micros);
    static const std::vector<std::string> known = {"prompt_max",     "prompt_unit", "durations",
                                                   "resolutions",    "input",       "cost_per_run",
                                                   "cost_per_second"};
    mistake(key, node, "unknown key of a model" + did_you_mean(key, known));
  }

 private:
  void mistake(std::string_view key, const toml::node& node, std::string_view what) {
    wrong_(fmt::format("{}.{}", key_, key), node, what);
  }

  void read_prompt_max(const toml::node& node) {
    const auto number = node.value_exact<std::int64_t>();
    if (!number || *number < 1) return mistake("prompt_max", node, "must be a number above 0");
    model_.prompt_max = *number;
  }

  void read_prompt_unit(const toml::node& node) {
    const auto unit = from_name<PromptUnit>(node.value_exact<std::string>().value_or(""));
    if (!unit) return mistake("prompt_unit", node, "must be characters, utf16 or bytes");
    model_.prompt_unit = *unit;
  }

  void read_durations(const toml::node& node) {
    const toml::array* array = node.as_array();
    for (const toml::node& each : array == nullptr ? toml::array() : *array) {
      const auto seconds = each.value<double>();
      if (!seconds || *seconds <= 0) return mistake("durations", node, "must be seconds");
      model_.durations.push_back(*seconds);
    }
    if (model_.durations.empty()) mistake("durations", node, "must be a list of seconds");
  }

  void read_resolutions(const toml::node& node) {
    const toml::array* array = node.as_array();
    for (const toml::node& each : array == nullptr ? toml::array() : *array) {
      const std::string size = each.value_exact<std::string>().value_or("");
      if (!parse_resolution(size)) {
        return mistake("resolutions", node, "must look like 1280x720");
      }
      model_.resolutions.push_back(size);
    }
    if (model_.resolutions.empty()) mistake("resolutions", node, "must be a list of sizes");
  }

  void read_input(const toml::node& node) {
    const auto pattern = json_of(node);
    if (!pattern || !pattern->is_object()) return mistake("input", node, "must be a table");
    if (const Result<void> checked = check_template(*pattern); !checked) {
      return mistake("input", node, checked.error().message);
    }
    // Without it the buyer's prompt would never reach the generator.
    if (!holds(*pattern, "{prompt}")) return mistake("input", node, "must hold {prompt}");
    model_.input = pattern->get_object();
  }

  void read_cost(std::string_view key, const toml::node& node, std::int64_t& micros) {
    const auto cost = parse_cost(node.value_exact<std::string>().value_or(""));
    if (!cost) return mistake(key, node, "must be an amount and a currency: \"0.15 usd\"");
    micros = cost->first;
    model_.cost_currency = cost->second;
  }

  const std::string& key_;
  const TellWrong& wrong_;
  ModelOptions& model_;
};

}  // namespace

std::optional<boost::json::value> json_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return boost::json::string(*text);
  if (const auto truth = node.value_exact<bool>()) return *truth;
  if (const auto whole = node.value_exact<std::int64_t>()) return *whole;
  if (const auto number = node.value_exact<double>()) {
    if (!std::isfinite(*number)) return std::nullopt;
    return *number;
  }
  if (const toml::array* array = node.as_array()) {
    boost::json::array all;
    for (const toml::node& each : *array) {
      auto element = json_of(each);
      if (!element) return std::nullopt;
      all.push_back(std::move(*element));
    }
    return all;
  }
  const toml::table* table = node.as_table();
  if (table == nullptr) return std::nullopt;
  boost::json::object object;
  for (const auto& [name, each] : *table) {
    auto member = json_of(each);
    if (!member) return std::nullopt;
    object[std::string_view(name.str())] = std::move(*member);
  }
  return object;
}

ModelOptions read_model(const std::string& key, std::string_view model, const toml::node& node,
                        const TellWrong& wrong) {
  ModelOptions options;
  options.name = model;
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    wrong(key, node, "must be a table");
    return options;
  }
  ModelReader reader(key, wrong, options);
  for (const auto& [name, entry] : *table) reader.read(name.str(), entry);
  return options;
}

}  // namespace claimcheck
