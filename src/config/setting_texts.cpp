// The forms of text that several settings share: numbers, durations, lists.
#include "base/crypto.hpp"
#include "config/settings.hpp"
#include "notify/shop_webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace claimcheck {

ReadOutcome read_number(std::string_view text, std::int64_t least, std::int64_t most,
                        std::int64_t& number) {
  std::int64_t read = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, read);
  // The whole text must be the number: "10x" is a mistake and not 10.
  if (failed != std::errc() || stop != end || read < least || read > most) {
    return bad(fmt::format("must be a number from {} to {}", least, most));
  }
  number = read;
  return {};
}

std::expected<Duration, BadText> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  // Keeps every product below within the range of Duration.
  constexpr std::int64_t number_max = 1'000'000;
  if (failed == std::errc() && number > 0 && number <= number_max) {
    if (unit == "s") return std::chrono::seconds(number);
    if (unit == "m") return std::chrono::minutes(number);
    if (unit == "h") return std::chrono::hours(number);
    if (unit == "d") return std::chrono::hours(24 * number);
  }
  return bad("must be a number and s, m, h or d, like 30d");
}

std::expected<Duration, BadText> parse_patience(std::string_view text) {
  // Shorter, and a restart of the generator would refund every order.
  constexpr Duration least = std::chrono::minutes(1);
  constexpr Duration most = std::chrono::days(20);  // claims are kept longer
  const auto patience = parse_duration(text);
  if (!patience) return patience;
  if (*patience < least || *patience > most) return bad("must be from 1m to 20d");
  return patience;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    // Blanks after a comma are usual in files.
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

ReadOutcome read_signing_keys(std::string_view text, std::vector<Secret>& keys) {
  constexpr std::string_view prefix = "whsec_";
  keys.clear();
  for (const std::string& secret : split_list(text)) {
    std::optional<std::string> key;
    if (secret.starts_with(prefix)) key = from_base64(secret.substr(prefix.size()));
    if (!key || key->size() < shop_key_bytes_min || key->size() > shop_key_bytes_max) {
      return bad(fmt::format("must be whsec_ and {} to {} bytes in base64; two with a comma",
                             shop_key_bytes_min, shop_key_bytes_max));
    }
    keys.emplace_back(std::move(*key));
  }
  // Two are enough for replacing one.
  if (keys.size() > shop_keys_max) return bad("must be two at the most");
  return {};
}

}  // namespace claimcheck
