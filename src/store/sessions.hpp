// store, get and update of one session value: the three functions of the system that claimcheck
// replaces, made safe. Any program can link them. get has a different error for each case:
// not_found = no such value; not_sent, ambiguous, unavailable = Redis did not answer; unreadable =
// the value is not understood. update merges into the stored value and keeps members that it does
// not know byte for byte. Under any number of concurrent writers no update is lost. Every write
// sets `timestamp` and starts the session's life (30 days) again.
#pragma once

#include "base/clock.hpp"
#include "store/codec.hpp"
#include "store/session_bytes.hpp"

#include <string>
#include <vector>

namespace claimcheck {

// Errors: the store's; invalid when the id or the session is not valid.
Async<void> store_session(SessionValues& values, Clock& clock, std::string session_id,
                          SessionData session);
// Errors: the store's; invalid id; not_found; unreadable.
Async<SessionData> get_session(SessionValues& values, std::string session_id);
// Errors: as of get_session; invalid when a change is not JSON; conflict when other writers win
// each time for ten seconds.
Async<SessionData> update_session(SessionValues& values, Clock& clock, std::string session_id,
                                  std::vector<MemberChange> changes);

}  // namespace claimcheck
