// The settings table: one row for each setting, with its names, its default, its meaning, and how
// its text is read into a Config. All three sources use it, so they cannot differ. Private to
// config.cpp and its parts.
#pragma once

#include "config/config.hpp"

#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

// What is wrong with the text of a setting, as the end of a sentence: "must be …". Never repeats
// the text of a secret.
struct BadText {
  std::string why;
};
inline std::unexpected<BadText> bad(std::string why) {
  return std::unexpected(BadText{std::move(why)});
}

// After a bad text the setting may be unchanged or half read: the start ends in any case.
using ReadOutcome = std::expected<void, BadText>;
using ReadSetting = ReadOutcome (*)(std::string_view text, Config& config);

struct Setting {
  std::string_view environment;   // "CLAIMCHECK_LISTEN"
  std::string_view default_text;  // for people
  std::string_view meaning;
  ReadSetting read;
};

std::span<const Setting> settings();

// "CLAIMCHECK_LISTEN" -> "listen", "STRIPE_SECRET_KEY" -> "stripe_secret_key": the key in a file;
// the flag is the same with dashes.
std::string file_key(std::string_view environment);
std::string flag_name(std::string_view environment);

// "30d", "12h", "90s". Errors: another unit, zero, a number that is too large.
std::expected<Duration, BadText> parse_duration(std::string_view text);
// How long an order may wait for its generator: a duration from one minute to 20 days.
std::expected<Duration, BadText> parse_patience(std::string_view text);
inline constexpr std::int64_t further_generations_max = 9;
// Reads a number within these bounds. A bad text leaves `number` as it is.
ReadOutcome read_number(std::string_view text, std::int64_t least, std::int64_t most,
                        std::int64_t& number);
// "a, b" -> a and b. Empty parts are left out, so a comma at the end does no harm.
std::vector<std::string> split_list(std::string_view text);
// One or two keys in the form of Standard Webhooks, so that a shop can use one of its libraries. A
// stronger source replaces the whole list of a weaker one.
ReadOutcome read_signing_keys(std::string_view text, std::vector<Secret>& keys);

}  // namespace claimcheck
