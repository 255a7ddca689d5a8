#include "base/assert.hpp"

#include "base/log_writer.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace claimcheck {

void check_failed(const char* condition, std::source_location where) {
  write_log(fmt::format("{}:{}: ENSURE({}) failed in {}\n", where.file_name(), where.line(),
                        condition, where.function_name()));
  // The line is written by a thread of its own, which abort() would kill in the middle.
  flush_log(LogWriter::end_patience);
  std::abort();
}

}  // namespace claimcheck
