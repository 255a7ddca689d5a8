// AlertRecords: takes what was seen of the alerts into the store, and puts the notices that follow
// into the outbox. Any number of processes may do so at once. First the record is written with its
// pending notice, then the notice is put, under an id that follows from the record, then the record
// is told. A process that dies in between is followed by any other: what is pending is put again,
// and the outbox knows its id.
#pragma once

#include "domain/alert.hpp"
#include "flow/context.hpp"

#include <vector>

namespace claimcheck {

struct AlertOptions {
  AlertTimes times;
  std::vector<Channel> channels;  // of the notices; empty = alerts are only shown
};

// The log line of what is pending.
void log_alert(const AlertRecord& record);
// The records after it, of every kind. Errors: the store's; what was not done is done by the next
// call, in any process.
Async<std::vector<AlertRecord>> record_alerts(Context& context, const AlertOptions& options,
                                              std::vector<AlertSign> signs);
// Those that are open, in the order of urgency. Errors: the store's.
Async<std::vector<AlertRecord>> open_alerts(Alerts& alerts);

}  // namespace claimcheck
