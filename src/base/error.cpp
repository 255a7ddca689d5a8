#include "base/error.hpp"

namespace claimcheck {

const char* to_string(Errc code) {
  switch (code) {
    case Errc::invalid: return "invalid";
    case Errc::not_found: return "not_found";
    case Errc::conflict: return "conflict";
    case Errc::unreadable: return "unreadable";
    case Errc::not_sent: return "not_sent";
    case Errc::ambiguous: return "ambiguous";
    case Errc::stuck: return "stuck";
    case Errc::unavailable: return "unavailable";
    case Errc::forbidden: return "forbidden";
    case Errc::limited: return "limited";
  }
  return "unknown";
}

}  // namespace claimcheck
