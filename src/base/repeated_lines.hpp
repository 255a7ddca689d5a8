// RepeatedLines: log lines that a stranger can cause as often as he likes. Of one event and reason
// the first is written at once, those of the next ten seconds as one line more that says how many
// (`times`): what is told is all there was, and a flood costs a line in ten seconds. Both words
// must come from closed sets. For what happens to orders use log_warn. One thread, no clock of its
// own; whoever owns it calls tell() every second.
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

  // `detail` stands in the first line alone.
  void warn(std::string_view event, std::string_view reason, LogField detail, Duration steady_now);
  // Writes what is due.
  void tell(Duration steady_now);
  // Writes what was counted, however short ago: at the end.
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
