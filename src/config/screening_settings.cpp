#include "config/screening_settings.hpp"

#include "config/notify_settings.hpp"

#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <string>

namespace claimcheck {

namespace {

// Not more than a list may have: whatever the file is, it does not fill the memory.
std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(screening_words_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return std::nullopt;  // bad: a folder
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

ReadOutcome read_screening_words(std::string_view text, Config& config) {
  const std::string path(text);
  const std::optional<std::string> stored = read_file(path);
  if (!stored) return bad(fmt::format("the file {} cannot be read", path));
  Result<WordList> words = WordList::parse(*stored);
  if (!words) return bad(fmt::format("the file {}: {}", path, words.error().message));
  // A list of comments alone would screen nothing, and look as if it did.
  if (words->empty()) return bad(fmt::format("the file {} has no words", path));
  config.screening.words = std::move(*words);
  return {};
}

ReadOutcome read_screening_url(std::string_view text, Config& config) {
  return read_shop_url(text, config.screening.url);
}

ReadOutcome read_screening_secret(std::string_view text, Config& config) {
  return read_signing_keys(text, config.screening.keys);
}

ReadOutcome read_screening_timeout(std::string_view text, Config& config) {
  constexpr Duration least = std::chrono::seconds(1);
  constexpr Duration most = std::chrono::seconds(30);  // a buyer waits for it
  const auto timeout = parse_duration(text);
  if (!timeout) return std::unexpected(timeout.error());
  if (*timeout < least || *timeout > most) return bad("must be from 1s to 30s");
  config.screening.timeout = *timeout;
  return {};
}

ReadOutcome read_screening_silent(std::string_view text, Config& config) {
  if (text != "refuse" && text != "allow") return bad("must be refuse or allow");
  config.screening.allow_when_silent = text == "allow";
  return {};
}

ReadOutcome read_prompt_edits(std::string_view text, Config& config) {
  return read_number(text, 0, prompt_edits_max, config.policy.prompt_edits_max);
}

ReadOutcome read_prompt_edit_time(std::string_view text, Config& config) {
  constexpr Duration least = std::chrono::minutes(1);
  const auto time = parse_duration(text);
  if (!time) return std::unexpected(time.error());
  if (*time < least || *time > prompt_edit_time_max) return bad("must be from 1m to 7d");
  config.policy.prompt_edit_time = *time;
  return {};
}

}  // namespace claimcheck
