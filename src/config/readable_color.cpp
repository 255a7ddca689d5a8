#include "config/readable_color.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace claimcheck {

namespace {

using Rgb = std::array<double, 3>;  // 0 to 255

constexpr double contrast_min = 4.5;
// --fill and --surface of the pages: of what an accent stands on, the nearest to it.
constexpr std::string_view light_ground = "#f4f6fa";
constexpr std::string_view dark_ground = "#1a202c";
constexpr int shades = 64;

Rgb rgb_of(std::string_view color) {
  Rgb parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    int value = 0;
    const char* const begin = color.data() + 1 + 2 * i;
    std::from_chars(begin, begin + 2, value, 16);
    parts.at(i) = value;
  }
  return parts;
}

double luminance(const Rgb& color) {
  const auto linear = [](double part) {
    const double share = part / 255;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}

std::string text_of(const Rgb& color) {
  return fmt::format("#{:02x}{:02x}{:02x}", std::lround(color[0]), std::lround(color[1]),
                     std::lround(color[2]));
}

}  // namespace

bool is_color(std::string_view text) {
  constexpr std::size_t length = std::string_view("#rrggbb").size();
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return text.size() == length && text.starts_with('#') &&
         std::ranges::all_of(text.substr(1), is_digit);
}

double contrast(std::string_view one, std::string_view other) {
  const double first = luminance(rgb_of(one));
  const double second = luminance(rgb_of(other));
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

std::string readable_color(std::string_view color, Ground ground) {
  const bool light = ground == Ground::light;
  const Rgb wanted = rgb_of(color);
  std::string shade;
  // The last one is black or white, which can be read on either ground.
  for (int i = 0; i <= shades; ++i) {
    const double share = static_cast<double>(i) / shades;
    Rgb mixed{};
    for (std::size_t part = 0; part < mixed.size(); ++part) {
      mixed.at(part) = wanted.at(part) + ((light ? 0 : 255) - wanted.at(part)) * share;
    }
    shade = text_of(mixed);
    if (contrast(shade, light ? light_ground : dark_ground) >= contrast_min) break;
  }
  return shade;
}

}  // namespace claimcheck
