// Failpoints: named places where a test build kills its own process, to show that a crash there
// loses nothing. CLAIMCHECK_FAIL="<name>:kill" arms one, "<name>@<order>:kill" for one order,
// "<name>:stop" freezes the process there, once, until it gets a SIGCONT. In builds without
// CLAIMCHECK_FAILPOINTS (the release) a failpoint does nothing.
#pragma once

#include <string_view>

namespace claimcheck {

#ifdef CLAIMCHECK_FAILPOINTS
void failpoint(std::string_view name, std::string_view order = {});
#else
inline void failpoint(std::string_view, std::string_view = {}) {}
#endif

}  // namespace claimcheck
