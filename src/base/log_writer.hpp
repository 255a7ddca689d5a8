// LogWriter: while one lives, the lines of the log go to standard error on a thread of its own, so
// that a reader who is slow, paused or gone holds up nobody who logs. What waits for the reader is
// bounded; a line that finds no place, or cannot be written, is dropped and counted, and one line
// (`log_lines_dropped`) says how many as soon as it flows again. Without a LogWriter, as in
// commands and tests, a line is written where it is logged.
// At most one in a process; owned by `serve`, which makes it before all else and ends it last.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

namespace claimcheck {

class LogWriter {
 public:
  static constexpr std::size_t waiting_bytes_max = 1024 * 1024;
  static constexpr Duration end_patience = std::chrono::seconds(1);

  // From now on neither the end of the reader (SIGPIPE) nor a limit of the log's file (SIGXFSZ)
  // ends the process.
  LogWriter();
  // Writes what waits; a reader who takes nothing for that long gets no more.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

 private:
  std::thread thread_;
};

// One whole line with its end. For base/log, which is what others use.
void write_log(std::string line);

// Waits until all is written that was logged; false = it is not. For whoever ends the process.
bool flush_log(Duration patience);

// In this process so far.
std::int64_t log_lines_dropped();

}  // namespace claimcheck
