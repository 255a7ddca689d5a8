// SetupFaults: which settings look wrong, by what all processes have counted in the last hour. A
// wrong setting shows itself only by the answers that follow from it, and orders go on around most
// of them, so nobody would notice. Shown at /ops and by `claimcheck doctor`. Pure.
#pragma once

#include "report/statistics.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct SetupFault {
  std::string fault;  // "webhook_secret", "stripe_key", "generator_token", "clock", "notifications"
  std::string why;    // a sentence, with the setting's name
};
BOOST_DESCRIBE_STRUCT(SetupFault, (), (fault, why))

// Of the last hour. A key or token that was accepted in a later minute is no fault any more, and a
// webhook secret only when not one event of the hour was accepted: anybody may send wrong ones.
std::vector<SetupFault> setup_faults(const StatsSeries& hour);
std::vector<SetupFault> setup_faults(const std::vector<StatsBucket>& hour);

// Of one fault by its name. unknown: nothing in the hour shows whether it is right.
enum class SetupState { wrong, right, unknown };
SetupState setup_state(const StatsSeries& hour, std::string_view fault);

}  // namespace claimcheck
