// LogWriter: while one lives, a thread of its own writes the log to standard error. So a reader
// that is slow, paused or gone does not block the threads that log. The waiting lines are limited.
// A line that finds no room, or cannot be written, is dropped and counted; one line
// (`log_lines_dropped`) reports the number as soon as the reader takes lines again. Without a
// LogWriter, as in commands and tests, a line is written where it is logged. At most one in a
// process; owned by `serve`, which makes it first and ends it last.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

namespace claimcheck {

class LogWriter {
 public:
  // Enough for a burst of some thousand lines.
  static constexpr std::size_t waiting_bytes_max = 1024 * 1024;
  static constexpr Duration end_patience = std::chrono::seconds(1);

  // From now on neither the end of the reader (SIGPIPE) nor a limit of the log's file (SIGXFSZ)
  // ends the process.
  LogWriter();
  // Writes the waiting lines. A reader that takes none for `end_patience` gets no more.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

 private:
  std::thread thread_;
};

// Writes one whole line with its end. Only for base/log; other files use that.
void write_log(std::string line);

// Waits until every logged line is written; false = the patience was over before. Called before the
// process is ended.
bool flush_log(Duration patience);

// How many lines this process has dropped so far.
std::int64_t log_lines_dropped();

}  // namespace claimcheck
