// Catalog: what can be bought. Prices are an allow-list, each names the tool it buys and how many
// videos one quantity is; a tool names the lengths, sizes and styles a buyer may choose from, the
// first of each being the default. Built once from the configuration, constant afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

struct Tool {
  std::string slug = "veo3-prompt-generator";
  std::string title = "Free VEO3 Viral Prompt Generator";
  std::string metadata_name = "veo3-generator";  // Stripe metadata `tool`
  std::vector<double> durations = {8};           // seconds
  std::vector<std::string> resolutions = {"1280x720"};
  std::vector<std::string> styles = {"cinematic"};
  // Empty: the prompt goes to the generator byte for byte. Else {prompt} and {style} are replaced.
  std::string style_template;
  std::string model;  // of the generator; empty = the configured default
};

struct Price {
  std::string id;
  std::string tool;        // slug
  std::int64_t units = 1;  // videos per quantity
};

struct Catalog {
  std::vector<Tool> tools = {Tool{}};
  std::vector<Price> prices;

  const Tool* tool(std::string_view slug) const;
  const Price* price(std::string_view id) const;
  // Is this Stripe metadata `tool` one of ours?
  bool sells(std::string_view metadata_name) const;
};

inline constexpr std::int64_t quantity_max = 10;

// "1280x720" -> {1280, 720}; nothing when it is not of that form or out of 1..8192.
std::optional<std::pair<std::int64_t, std::int64_t>> parse_resolution(std::string_view text);

// The prompt as it goes to the generator.
std::string styled_prompt(const Tool& tool, std::string_view prompt, std::string_view style);

}  // namespace claimcheck
