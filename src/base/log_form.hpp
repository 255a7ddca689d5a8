// The form of the log: JSON lines for programs, or short lines for people, with colours on a
// terminal that wants them. Chosen once, before the first line is logged. Only what starts the
// program includes this; everything else logs by base/log.hpp and does not see a difference.
#pragma once

#include "base/log.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

enum class LogForm { json, text, coloured };
void set_log_form(LogForm form);

// Why the program ends: for programs the event at level error with the field `why`, for people the
// sentence alone.
void log_end(std::string_view event, std::string_view why);

struct PrintedField {
  std::string_view name;
  std::string value;  // as JSON, safe for a terminal
};
// "18:12:33 info  order paid  session=cs_…": the line for people, by the local time of day.
std::string log_text(LogLevel level, std::string_view event,
                     const std::vector<PrintedField>& fields, bool coloured);

}  // namespace claimcheck
