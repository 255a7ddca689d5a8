#include "domain/catalog.hpp"

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

// Digits only, the whole text, 1..8192.
std::optional<std::int64_t> pixels(std::string_view text) {
  constexpr std::int64_t pixels_max = 8192;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || stop != end || number < 1 || number > pixels_max) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::vector<GeneratorChoice> Catalog::generators_of(const Tool& tool) const {
  if (!tool.generators.empty()) return tool.generators;
  GeneratorChoice choice = default_generator;
  if (!tool.model.empty()) choice.model = tool.model;
  return {choice};
}

const Tool* Catalog::tool(std::string_view slug) const {
  const auto found = std::ranges::find(tools, slug, &Tool::slug);
  return found == tools.end() ? nullptr : &*found;
}

const Price* Catalog::price(std::string_view id) const {
  const auto found = std::ranges::find(prices, id, &Price::id);
  return found == prices.end() ? nullptr : &*found;
}

const Tool* Catalog::tool_for(const Price& price, std::string_view slug) const {
  // A configured slug must be listed, unless the price has `any_tool`. Any other slug needs
  // `any_tool`, or is empty.
  const Tool* known = tool(slug);
  const bool listed = slug == price.tool || std::ranges::find(price.also, slug) != price.also.end();
  if (known != nullptr) return listed || price.any_tool ? known : nullptr;
  return slug.empty() || price.any_tool ? tool(price.tool) : nullptr;
}

bool is_tool_slug(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !text.empty() && text.size() <= tool_slug_bytes_max && std::ranges::all_of(text, plain);
}

bool is_tool_title(std::string_view text) {
  const auto shown = [](unsigned char c) { return c >= ' ' && c != 0x7f; };
  return !text.empty() && text.size() <= tool_title_bytes_max && std::ranges::all_of(text, shown);
}

bool Catalog::sells(std::string_view metadata_name) const {
  return std::ranges::find(tools, metadata_name, &Tool::metadata_name) != tools.end();
}

std::optional<std::pair<std::int64_t, std::int64_t>> parse_resolution(std::string_view text) {
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) return std::nullopt;
  const auto width = pixels(text.substr(0, cross));
  const auto height = pixels(text.substr(cross + 1));
  if (!width || !height) return std::nullopt;
  return std::pair(*width, *height);
}

std::string styled_prompt(const Tool& tool, std::string_view prompt, std::string_view style) {
  if (tool.style_template.empty()) return std::string(prompt);
  std::string text;
  std::string_view rest = tool.style_template;
  // One pass: a prompt that holds "{style}" is not replaced a second time.
  while (!rest.empty()) {
    if (rest.starts_with("{prompt}")) {
      text += prompt;
      rest.remove_prefix(std::string_view("{prompt}").size());
    } else if (rest.starts_with("{style}")) {
      text += style;
      rest.remove_prefix(std::string_view("{style}").size());
    } else {
      text += rest.front();
      rest.remove_prefix(1);
    }
  }
  return text;
}

}  // namespace claimcheck
