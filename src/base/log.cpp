#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log_form.hpp"
#include "base/log_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace claimcheck {

namespace {

std::atomic<LogLevel> lowest_level = LogLevel::info;
std::atomic<LogForm> form = LogForm::json;

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

// A peer's text may have any length and any encoding; a log line must not. A cut text ends with
// "...".
std::string print(std::string_view text) {
  constexpr std::size_t text_bytes_max = 1024;
  std::string shown(text.substr(0, text_bytes_max));
  if (text.size() > text_bytes_max) shown += "...";
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::string printed = json::print(shown);
  // Bytes that are no UTF-8, or a character that the cut has split: the line must stay JSON.
  if (!std::ranges::all_of(shown, is_ascii) && !json::parse(printed)) {
    std::ranges::replace_if(shown, std::not_fn(is_ascii), '?');
    printed = json::print(shown);
  }
  return printable_json(printed);
}

std::string print(const LogField::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return print(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

void set_log_level(LogLevel level) { lowest_level = level; }
void set_log_form(LogForm wanted) { form = wanted; }

namespace {

std::string json_line(LogLevel level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  std::string line = R"({"time":")" + to_iso(RealClock().now()) + R"(","level":")";
  line += name_of(level);
  line += R"(","event":)" + json::print(event);
  for (const LogField& field : fields) {
    line += ',' + json::print(field.name) + ':' + print(field.value);
  }
  line += "}\n";
  return line;
}

}  // namespace

std::string log_line(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
  if (form == LogForm::json) return json_line(level, event, fields);
  std::vector<PrintedField> printed;
  for (const LogField& field : fields) printed.push_back({field.name, print(field.value)});
  return log_text(level, event, printed, form == LogForm::coloured);
}

void log_end(std::string_view event, std::string_view why) {
  if (form == LogForm::json) return log_error(event, {{"why", why}});
  if (lowest_level != LogLevel::off) write_log("claimcheck: " + printable(why) + '\n');
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < lowest_level) return;
  write_log(log_line(level, event, fields));
}

}  // namespace claimcheck
