// Version: which release this program is. Only CMake's project() says it. It comes in as a compile
// definition of version.cpp alone, so a new version rebuilds one file.
#pragma once

namespace claimcheck {

extern const char* const version;     // "0.1.0"
extern const char* const user_agent;  // "claimcheck/0.1.0": the name that we give to peers

}  // namespace claimcheck
