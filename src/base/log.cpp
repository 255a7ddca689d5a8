#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/json.hpp"

#include <atomic>
#include <cstdio>
#include <string>

namespace claimcheck {

namespace {

std::atomic<LogLevel> lowest_level = LogLevel::info;

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warn: return "warn";
    case LogLevel::error: return "error";
    case LogLevel::off: break;
  }
  return "off";
}

std::string print(const LogField::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return json::print(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

void set_log_level(LogLevel level) { lowest_level = level; }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < lowest_level) return;
  std::string line = R"({"time":")" + to_iso(RealClock().now()) + R"(","level":")";
  line += name_of(level);
  line += R"(","event":)" + json::print(event);
  for (const LogField& field : fields) {
    line += ',' + json::print(field.name) + ':' + print(field.value);
  }
  line += "}\n";
  std::fwrite(line.data(), 1, line.size(), stderr);  // one write: lines of threads do not mix
}

}  // namespace claimcheck
