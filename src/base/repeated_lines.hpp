// RepeatedLines: log lines that any client can cause as often as it likes. The first line of an
// event and reason is written at once. Those of the next ten seconds become one more line with
// their number (`times`). So every occurrence is reported, and a flood costs one line in ten
// seconds. Event and reason must come from closed sets. For events of orders use log_warn. One
// thread, no clock of its own; the owner calls tell() every second.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

class RepeatedLines {
 public:
  static constexpr Duration span = std::chrono::seconds(10);

  // `detail` is only in the first line.
  void warn(std::string_view event, std::string_view reason, LogField detail, Duration steady_now);
  // Writes the counts whose ten seconds are over.
  void tell(Duration steady_now);
  // Writes all counts, also of the last ten seconds; for the end of the process.
  void tell_all();

 private:
  struct Counted {
    std::string event;
    std::string reason;
    Duration until;
    std::int64_t times = 0;  // since the last line
  };
  static void write(Counted& counted);

  std::vector<Counted> counted_;
};

}  // namespace claimcheck
