// Catalog: the list of what can be bought. Prices are an allow-list; each price names the tools
// that it buys and the number of videos of one quantity. A tool names the lengths, sizes and styles
// that a buyer may choose from; the first of each is the default. Built once from the
// configuration, constant afterwards.
#pragma once

#include "base/clock.hpp"
#include "domain/media.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

// A generator by its configured name, and the model that is used there.
struct GeneratorChoice {
  std::string generator;
  std::string model;

  bool operator==(const GeneratorChoice&) const = default;
};

struct Tool {
  std::string slug = "veo3-prompt-generator";
  std::string title = "Free VEO3 Viral Prompt Generator";
  std::string metadata_name = "veo3-generator";  // Stripe metadata `tool`
  MediaKind media = MediaKind::video;
  std::vector<double> durations = {8};  // seconds
  std::vector<std::string> resolutions = {"1280x720"};
  std::vector<std::string> styles = {"cinematic"};
  // Empty: the prompt goes to the generator byte for byte. Else {prompt} and {style} are replaced.
  std::string style_template;
  // Who makes it, in the order in which they are tried; empty = the default generator.
  std::vector<GeneratorChoice> generators;
  std::string model;                                // of the default generator; empty = its own
  std::optional<Duration> generator_patience;       // instead of the policy's
  std::optional<std::int64_t> further_generations;  // after failures, likewise
};

struct Price {
  std::string id;
  std::string tool;               // slug; the default when the buyer names none
  std::vector<std::string> also;  // further slugs
  // The price buys every other slug as well; a slug that is not configured has the limits of
  // `tool`.
  bool any_tool = false;
  std::int64_t units = 1;  // videos per quantity
};

struct Catalog {
  std::vector<Tool> tools = {Tool{}};
  std::vector<Price> prices;
  GeneratorChoice default_generator = {.generator = "superduperai",
                                       .model = "google-cloud/veo3-text2video"};

  std::vector<GeneratorChoice> generators_of(const Tool& tool) const;
  const Tool* tool(std::string_view slug) const;
  const Price* price(std::string_view id) const;
  // The tool whose limits apply to an order of that slug ("" = the buyer named none) at that price.
  // Null = the price does not buy it.
  const Tool* tool_for(const Price& price, std::string_view slug) const;
  // Is this Stripe metadata `tool` one of ours?
  bool sells(std::string_view metadata_name) const;
};

inline constexpr std::int64_t quantity_max = 10;

// The shop's name of a tool that is not configured. It is only data, and never looked up.
inline constexpr std::size_t tool_slug_bytes_max = 100;
inline constexpr std::size_t tool_title_bytes_max = 200;
bool is_tool_slug(std::string_view text);   // letters, digits, dash, dot, underscore; not empty
bool is_tool_title(std::string_view text);  // no control characters; not empty

// "1280x720" -> {1280, 720}; nothing when it is not of that form or out of 1..8192.
std::optional<std::pair<std::int64_t, std::int64_t>> parse_resolution(std::string_view text);

// The prompt as it is sent to the generator.
std::string styled_prompt(const Tool& tool, std::string_view prompt, std::string_view style);

}  // namespace claimcheck
