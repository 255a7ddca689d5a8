#include "base/version.hpp"

namespace claimcheck {

const char* const version = CLAIMCHECK_VERSION;
const char* const user_agent = "claimcheck/" CLAIMCHECK_VERSION;

}  // namespace claimcheck
