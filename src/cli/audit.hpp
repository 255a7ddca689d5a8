// `claimcheck audit`: prints the order totals of the last days twice, from Redis and from Stripe
// alone, and each order in which they differ. It reads both and writes neither.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

namespace claimcheck {

inline constexpr int audit_days_default = 30;
inline constexpr int audit_days_max = 365;

struct AuditCommand {
  int days = audit_days_default;
  bool json = false;  // one object, for programs
};

// ok = no difference, failed = there are some, away = the totals cannot be computed.
ExitCode run_audit(const Config& config, const AuditCommand& command);

}  // namespace claimcheck
