#include "config/config_file.hpp"

#include "config/checkout_settings.hpp"
#include "config/generator_settings.hpp"
#include "config/nearest.hpp"
#include "config/operator_settings.hpp"
#include "config/settings.hpp"
#include "config/shop_settings.hpp"
#include "domain/names.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace claimcheck {

namespace {

// A slug is part of addresses and of Stripe's metadata.
bool is_slug(std::string_view text) {
  constexpr std::size_t slug_bytes_max = 100;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= slug_bytes_max && std::ranges::all_of(text, plain);
}

std::vector<std::string> top_keys() {
  std::vector<std::string> keys = {"checkout", "generator", "operator", "shop", "tool"};
  for (const Setting& setting : settings()) keys.push_back(file_key(setting.environment));
  return keys;
}

// The parser speaks of grammar; of the most common mistake the place is enough.
std::string plain_words(std::string_view description) {
  const bool of_text = description.contains("parsing string");
  const bool open = description.contains("control characters") ||
                    description.contains("end-of-file") || description.contains("unterminated");
  return of_text && open ? "a text has no closing quote" : std::string(description);
}

class FileReader {
 public:
  FileReader(const std::string& path, const std::vector<std::string>& environment, Config& config,
             ConfigErrors& errors)
      : path_(path), environment_(environment), config_(config), errors_(errors) {}

  void read(const toml::table& file) {
    for (const auto& [key, node] : file) {
      // The only tables: everything else at the top is a setting.
      if (key.str() == "tool") {
        read_tools(node);
      } else if (key.str() == "checkout") {
        read_checkout(node);
      } else if (key.str() == "operator") {
        read_operators(file, node);
      } else if (key.str() == "generator") {
        read_generator_tables(
            node, environment_,
            [this](auto name, const auto& at, auto what) { wrong(name, at, what); }, config_);
      } else if (key.str() == "shop") {
        const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
        config_.shop = read_shop(
            node, folder, [this](auto name, const auto& at, auto what) { wrong(name, at, what); });
      } else {
        read_setting(key.str(), node);
      }
    }
    hand_on_checkout();
  }

 private:
  // With file and line, as compilers print it, so that editors can jump there.
  void wrong(std::string_view key, const toml::node& node, std::string_view what) {
    errors_.lines.push_back(
        fmt::format("{}:{}: {}: {}", path_, node.source().begin.line, key, what));
  }

  void read_setting(std::string_view key, const toml::node& node) {
    const auto is_named = [key](const Setting& s) { return file_key(s.environment) == key; };
    const auto setting = std::ranges::find_if(settings(), is_named);
    if (setting == settings().end()) {
      return wrong(key, node, "unknown key" + did_you_mean(key, top_keys()));
    }
    // A text, also for numbers: all three sources go through the same reader.
    const auto text = node.value<std::string>();
    if (!text) {
      const bool tables = node.is_table() && key == "operators";
      return wrong(key, node, tables ? "write [operator.anna] for each" : "must be a string");
    }
    const ReadOutcome read = setting->read(*text, config_);
    if (!read) wrong(key, node, read.error().why);
  }

  void read_operators(const toml::table& file, const toml::node& node) {
    // The list would silently replace the tables.
    if (file.contains("operators")) {
      wrong("operator", node, "either these tables or the list operators, not both");
    }
    config_.operators = read_operator_tables(
        node, [this](auto name, const auto& at, auto what) { wrong(name, at, what); });
  }

  CheckoutTable checkout_table(std::string_view key, const toml::node& node) {
    return read_checkout_table(
        key, node, [this](auto name, const auto& at, auto what) { wrong(name, at, what); });
  }

  void read_checkout(const toml::node& node) {
    checkout_ = checkout_table("checkout", node);
    if (const std::string why = conflict_in(checkout_); !why.empty()) wrong("checkout", node, why);
  }

  // At the end, since a tool's table is merged with the general one.
  void hand_on_checkout() {
    config_.checkout.general = session_options(checkout_);
    for (const auto& [slug, own] : tool_checkouts_) {
      const CheckoutTable all = merged(checkout_, own.table);
      const std::string why = conflict_in(all);
      if (!why.empty() && conflict_in(checkout_).empty()) {
        wrong(fmt::format("tool.{}.checkout", slug), *own.node, why);
      }
      config_.checkout.tools[slug] = session_options(all);
    }
  }

  void read_tools(const toml::node& node) {
    const toml::table* tools = node.as_table();
    if (tools == nullptr) return wrong("tool", node, "must be tables like [tool.my-slug]");
    for (const auto& [slug, entry] : *tools) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) {
        wrong(slug.str(), entry, "must be a table");
        continue;
      }
      // A wrong tool is left out and the reading goes on, so that one start shows all mistakes.
      if (!is_slug(slug.str())) {
        wrong(slug.str(), entry, "a slug holds small letters, digits and dashes only");
        continue;
      }
      read_tool(std::string(slug.str()), *table);
    }
  }

  void read_tool(std::string slug, const toml::table& table) {
    auto& tools = config_.catalog.tools;
    // The default tool is there already: a table with its slug changes it, any other one adds a
    // tool. Keys that are not given keep their defaults.
    auto known = std::ranges::find(tools, slug, &Tool::slug);
    if (known == tools.end()) {
      Tool fresh;
      // One name for all three, until the table gives a title. Stripe's metadata must have a name
      // of ours.
      fresh.slug = fresh.title = fresh.metadata_name = slug;
      known = tools.insert(tools.end(), std::move(fresh));
    }
    for (const auto& [key, node] : table) read_tool_key(*known, key.str(), node);
  }

  void read_tool_key(Tool& tool, std::string_view key, const toml::node& node) {
    if (key == "checkout") {
      const std::string name = fmt::format("tool.{}.checkout", tool.slug);
      tool_checkouts_[tool.slug] = {.table = checkout_table(name, node), .node = &node};
      return;
    }
    if (key == "title") return read_text(key, node, tool.title);
    if (key == "type") return read_type(key, node, tool);
    if (key == "model") return read_text(key, node, tool.model);
    if (key == "generators") return read_choices(key, node, tool);
    if (key == "resolutions") return read_resolutions(key, node, tool);
    if (key == "styles") return read_list(key, node, tool.styles);
    if (key == "durations") return read_durations(key, node, tool);
    if (key == "generator_patience") return read_patience(key, node, tool);
    if (key == "further_generations") return read_further(key, node, tool);
    // The last known key: any other one is a mistake.
    if (key != "style_template") {
      static const std::vector<std::string> known = {"title",
                                                     "type",
                                                     "generators",
                                                     "model",
                                                     "resolutions",
                                                     "styles",
                                                     "durations",
                                                     "style_template",
                                                     "generator_patience",
                                                     "further_generations",
                                                     "checkout"};
      return wrong(key, node, "unknown key of a tool" + did_you_mean(key, known));
    }
    read_text(key, node, tool.style_template);
    // Without it the buyer's prompt would never reach the generator.
    if (tool.style_template.find("{prompt}") == std::string::npos) {
      wrong(key, node, "must hold {prompt}");
    }
  }

  void read_type(std::string_view key, const toml::node& node, Tool& tool) {
    const auto kind = from_name<MediaKind>(node.value_exact<std::string>().value_or(""));
    if (!kind) return wrong(key, node, "must be video, image or audio");
    tool.media = *kind;
  }

  void read_choices(std::string_view key, const toml::node& node, Tool& tool) {
    std::vector<std::string> texts;
    read_list(key, node, texts);
    for (const std::string& text : texts) {
      auto choice = parse_choice(text);
      if (!choice) {
        wrong(key, node, choice.error().why);
      } else if (std::ranges::find(tool.generators, choice->generator,
                                   &GeneratorChoice::generator) != tool.generators.end()) {
        wrong(key, node, "names " + choice->generator + " twice");
      } else {
        tool.generators.push_back(std::move(*choice));
      }
    }
  }

  void read_patience(std::string_view key, const toml::node& node, Tool& tool) {
    const auto patience = parse_patience(node.value<std::string>().value_or(""));
    if (!patience) return wrong(key, node, patience.error().why);
    tool.generator_patience = *patience;
  }

  void read_further(std::string_view key, const toml::node& node, Tool& tool) {
    // Exact: 1.5 or true must not become a number.
    const auto number = node.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > further_generations_max) {
      return wrong(key, node,
                   fmt::format("must be a number from 0 to {}", further_generations_max));
    }
    tool.further_generations = number;
  }

  // The bound is for typing errors: milliseconds would be sold as hours.
  void read_durations(std::string_view key, const toml::node& node, Tool& tool) {
    read_list(key, node, tool.durations);
    const auto impossible = [](double seconds) { return seconds <= 0 || seconds > 3600; };
    if (std::ranges::any_of(tool.durations, impossible)) {
      wrong(key, node, "must be seconds, more than 0 and at most 3600");
    }
  }

  void read_resolutions(std::string_view key, const toml::node& node, Tool& tool) {
    read_list(key, node, tool.resolutions);
    for (const std::string& resolution : tool.resolutions) {
      // Read again from here for each order, so it must be readable at the start.
      if (!parse_resolution(resolution)) wrong(key, node, "must look like 1280x720");
    }
  }

  void read_text(std::string_view key, const toml::node& node, std::string& text) {
    const auto given = node.value<std::string>();
    // Empty is refused, not taken as the default: here nobody leaves a key out by an empty text.
    if (!given || given->empty()) return wrong(key, node, "must be a text");
    text = *given;
  }

  template <typename T>
  void read_list(std::string_view key, const toml::node& node, std::vector<T>& list) {
    const toml::array* array = node.as_array();
    // Elements of another kind are skipped here, and the length below shows it.
    std::vector<T> read;
    if (array != nullptr) {
      for (const toml::node& element : *array) {
        if (const auto value = element.value<T>()) read.push_back(*value);
      }
    }
    if (array == nullptr || read.empty() || read.size() != array->size()) {
      return wrong(key, node, "must be a list with at least one entry, all of one kind");
    }
    // Only a list without a mistake replaces the default.
    list = std::move(read);
  }

  struct ToolCheckout {
    CheckoutTable table;
    const toml::node* node = nullptr;
  };

  const std::string& path_;
  const std::vector<std::string>& environment_;
  Config& config_;
  ConfigErrors& errors_;
  CheckoutTable checkout_;
  std::map<std::string, ToolCheckout> tool_checkouts_;  // by slug
};

}  // namespace

void read_config_file(const std::string& path, const std::vector<std::string>& environment,
                      Config& config, ConfigErrors& errors) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) {
    errors.lines.push_back(fmt::format("{}: there is no such file", path));
    return;
  }
  try {
    const toml::table file = toml::parse_file(path);
    FileReader(path, environment, config, errors).read(file);
    // The library throws; the rest of the program has results, so it ends here.
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    // Without a line it is about the file as a whole.
    errors.lines.push_back(
        line == 0 ? fmt::format("{}: cannot be read: {}", path, error.description())
                  : fmt::format("{}:{}: {}", path, line, plain_words(error.description())));
  }
}

}  // namespace claimcheck
