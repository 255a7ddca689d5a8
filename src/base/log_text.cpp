// The lines of the log for people: the local time of day, the level, the event in words, the
// fields. One line each, as wide as it needs to be.
#include "base/log_form.hpp"

#include <algorithm>
#include <ctime>
#include <string>

namespace claimcheck {

namespace {

struct Look {
  std::string_view word;  // of equal width, so that events form a column
  std::string_view colour;
};

Look look_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return {"debug", "\x1b[2m"};
    case LogLevel::warn: return {"warn ", "\x1b[33m"};
    case LogLevel::error: return {"error", "\x1b[31m"};
    default: return {"info ", "\x1b[32m"};
  }
}

// By the wall clock of the person who reads it.
std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::string text(8, ' ');
  std::strftime(text.data(), text.size() + 1, "%H:%M:%S", &local);
  return text;
}

// Quotes only where the end of a value would not be seen without them.
std::string shown(std::string_view json) {
  const bool quoted = json.size() > 2 && json.starts_with('"');
  const bool plain = json.find_first_of(" \\=") == std::string_view::npos;
  return std::string(quoted && plain ? json.substr(1, json.size() - 2) : json);
}

}  // namespace

std::string log_text(LogLevel level, std::string_view event,
                     const std::vector<PrintedField>& fields, bool coloured) {
  const auto in = [coloured](std::string_view colour, std::string_view text) {
    if (!coloured) return std::string(text);
    return std::string(colour).append(text).append("\x1b[0m");
  };
  const Look look = look_of(level);
  std::string words(event);
  std::ranges::replace(words, '_', ' ');
  std::string line =
      in("\x1b[2m", time_of_day()) + ' ' + in(look.colour, look.word) + ' ' + in("\x1b[1m", words);
  for (const PrintedField& field : fields) {
    line += "  " + in("\x1b[2m", std::string(field.name) + '=') + shown(field.value);
  }
  return line + '\n';
}

}  // namespace claimcheck
