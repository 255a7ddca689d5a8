#include "generator/input_template.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace claimcheck {

namespace {

// Whole numbers as integers: providers compare them with lists of integers.
boost::json::value number(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) == value) return whole;
  return value;
}

constexpr std::array<std::string_view, 11> placeholders = {
    "prompt",   "model",        "seed",       "key",   "width",   "height",
    "duration", "aspect_ratio", "resolution", "lines", "callback"};

boost::json::value value_of(std::string_view placeholder, const GenerationJob& job) {
  if (placeholder == "prompt") return boost::json::string(job.prompt);
  if (placeholder == "model") return boost::json::string(job.model);
  if (placeholder == "seed") return job.seed;
  if (placeholder == "key") return boost::json::string(job.key);
  if (placeholder == "width") return job.width;
  if (placeholder == "height") return job.height;
  if (placeholder == "duration") return number(job.duration_s);
  if (placeholder == "aspect_ratio")
    return boost::json::string(aspect_ratio(job.width, job.height));
  if (placeholder == "resolution") {
    return boost::json::string(fmt::format("{}x{}", job.width, job.height));
  }
  if (placeholder == "lines") {
    return boost::json::string(fmt::format("{}p", std::min(job.width, job.height)));
  }
  return boost::json::string(job.callback_url);
}

bool is_known(std::string_view name) {
  return std::ranges::find(placeholders, name) != placeholders.end();
}

// The placeholder that begins at the front of the text, without its braces. A brace of another
// text, such as JSON inside a prompt's frame, is none.
std::optional<std::string_view> placeholder_at(std::string_view text) {
  if (!text.starts_with('{')) return std::nullopt;
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  const bool word = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  });
  return word ? std::optional(name) : std::nullopt;
}

template <typename Spell>
std::string fill(std::string_view pattern, const GenerationJob& job, Spell spell) {
  std::string text;
  while (!pattern.empty()) {
    const auto name = placeholder_at(pattern);
    if (name && is_known(*name)) {
      const boost::json::value value = value_of(*name, job);
      text += spell(value.is_string() ? std::string(value.get_string()) : json::print(value));
      pattern.remove_prefix(name->size() + 2);
    } else {
      text += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return text;
}

}  // namespace

std::string_view aspect_ratio(std::int64_t width, std::int64_t height) {
  if (width == height) return "1:1";
  return width > height ? "16:9" : "9:16";
}

std::string fill_text(std::string_view pattern, const GenerationJob& job) {
  return fill(pattern, job, [](std::string value) { return value; });
}

std::string fill_path(std::string_view pattern, const GenerationJob& job) {
  return fill(pattern, job, [](const std::string& value) { return url_encode(value); });
}

boost::json::value fill_template(const boost::json::value& pattern, const GenerationJob& job) {
  if (pattern.is_string()) {
    const std::string_view text = pattern.get_string();
    const auto whole = placeholder_at(text);
    const bool alone = whole && is_known(*whole) && whole->size() + 2 == text.size();
    return alone ? value_of(*whole, job) : boost::json::value(fill_text(text, job));
  }
  if (pattern.is_array()) {
    boost::json::array filled;
    for (const auto& each : pattern.get_array()) filled.push_back(fill_template(each, job));
    return filled;
  }
  if (!pattern.is_object()) return pattern;
  boost::json::object filled;
  for (const auto& [name, each] : pattern.get_object()) filled[name] = fill_template(each, job);
  return filled;
}

Result<void> check_template(const boost::json::value& pattern) {
  if (pattern.is_array()) {
    for (const auto& each : pattern.get_array()) {
      if (auto checked = check_template(each); !checked) return checked;
    }
  } else if (pattern.is_object()) {
    for (const auto& member : pattern.get_object()) {
      if (auto checked = check_template(member.value()); !checked) return checked;
    }
  } else if (pattern.is_string()) {
    const std::string_view text = pattern.get_string();
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
      const auto name = placeholder_at(text.substr(at));
      if (name && !is_known(*name)) {
        return fail(Errc::invalid, fmt::format("{{{}}} is no placeholder; there are {{{}}}", *name,
                                               fmt::join(placeholders, "}, {")));
      }
    }
  }
  return {};
}

bool holds(const boost::json::value& pattern, std::string_view placeholder) {
  const auto within = [placeholder](const boost::json::value& each) {
    return holds(each, placeholder);
  };
  if (pattern.is_string()) {
    return std::string_view(pattern.get_string()).find(placeholder) != std::string_view::npos;
  }
  if (pattern.is_array()) return std::ranges::any_of(pattern.get_array(), within);
  return pattern.is_object() &&
         std::ranges::any_of(pattern.get_object(),
                             [&within](const auto& member) { return within(member.value()); });
}

}  // namespace claimcheck
