// Log: one JSON object a line on standard error: time, level, event and fields. The event is a
// fixed snake_case word that operators grep for ("order_paid"); everything variable is a field,
// escaped and cut at 1,024 bytes, so nothing in a value can forge a line or fill the disk. Never
// log a prompt (log its length), an e-mail address, a secret or a peer's answer body. Thread-safe;
// the level is set once at start. The lines are written by base/log_writer.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace claimcheck {

enum class LogLevel { debug, info, warn, error, off };

struct LogField {
  using Value = std::variant<std::string_view, std::int64_t, bool>;
  std::string_view name;
  Value value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  LogField(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

// Lines below this level are not written.
void set_log_level(LogLevel level);
// Never fails and never waits for the reader of the log, while a LogWriter lives.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
// The line that log() writes, with its end.
std::string log_line(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields);

inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::info, event, fields);
}
inline void log_warn(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::warn, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::error, event, fields);
}

}  // namespace claimcheck
