// store, get and update of one session value: the three functions of the system that claimcheck
// replaces, made safe. Any program can link them. get tells "not there" (not_found) from "Redis
// did not answer" (not_sent, ambiguous, unavailable) from "there, but not understood"
// (unreadable). update merges into what is stored, keeps members it does not know byte for byte,
// loses nothing under any number of concurrent writers, and says not_found for a missing session.
// Every write sets `timestamp` and starts the session's life (30 days) again.
#pragma once

#include "base/clock.hpp"
#include "store/codec.hpp"
#include "store/session_bytes.hpp"

#include <string>
#include <vector>

namespace claimcheck {

Async<void> store_session(SessionValues& values, Clock& clock, std::string session_id,
                          SessionData session);
Async<SessionData> get_session(SessionValues& values, std::string session_id);
Async<SessionData> update_session(SessionValues& values, Clock& clock, std::string session_id,
                                  std::vector<MemberChange> changes);

}  // namespace claimcheck
