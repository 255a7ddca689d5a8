#include "base/repeated_lines.hpp"

#include <algorithm>

namespace claimcheck {

void RepeatedLines::warn(std::string_view event, std::string_view reason, LogField detail,
                         Duration steady_now) {
  const auto same = [&](const Counted& counted) {
    return counted.event == event && counted.reason == reason;
  };
  // Few entries: events and reasons are closed sets, so a list is enough.
  const auto known = std::ranges::find_if(counted_, same);
  if (known != counted_.end()) {
    ++known->times;
    return;
  }
  counted_.push_back(
      {.event = std::string(event), .reason = std::string(reason), .until = steady_now + span});
  log_warn(event, {{"reason", reason}, detail});
}

void RepeatedLines::tell(Duration steady_now) {
  // Silent for a whole span: the next such line is written at once again.
  std::erase_if(counted_, [steady_now](const Counted& counted) {
    return counted.times == 0 && steady_now >= counted.until;
  });
  for (Counted& counted : counted_) {
    if (steady_now < counted.until) continue;
    write(counted);
    counted.until = steady_now + span;
  }
}

void RepeatedLines::tell_all() {
  for (Counted& counted : counted_) {
    if (counted.times > 0) write(counted);
  }
}

void RepeatedLines::write(Counted& counted) {
  log_warn(counted.event, {{"reason", counted.reason}, {"times", counted.times}});
  counted.times = 0;
}

}  // namespace claimcheck
