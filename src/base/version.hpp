// Version: which release this program is. CMake's project() is the one place that says it; it comes
// in as a compile definition of version.cpp alone, so a new version builds one file anew.
#pragma once

namespace claimcheck {

extern const char* const version;     // "0.1.0"
extern const char* const user_agent;  // "claimcheck/0.1.0": how we call ourselves towards peers

}  // namespace claimcheck
