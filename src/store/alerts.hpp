// Alerts: the stored records of the conditions that need a person (domain/alert.hpp), one for each
// kind, shared by all processes. A record is replaced only by the version that follows it, so each
// step of an alert is decided by one process. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "domain/alert.hpp"
#include "domain/balance.hpp"
#include "store/async.hpp"

#include <string>
#include <vector>

namespace claimcheck {

class Alerts {
 public:
  virtual ~Alerts() = default;

  // The record of every kind, in the order of AlertKind; the default for one that was never
  // written. One of a newer release that cannot be read is logged, and the default too: nothing can
  // be written over it. Errors: the store's.
  virtual Async<std::vector<AlertRecord>> alerts() = 0;
  // Writes the record over the version before it. False = another process has written meanwhile.
  // Errors: the store's.
  virtual Async<bool> write_alert(AlertRecord record) = 0;
  // Whether this process is to look at the generators now: one does in each `period`. Errors: the
  // store's.
  virtual Async<bool> balance_turn(Duration period) = 0;
  // Adds a reading of a generator's balance. Returns the last balance_readings_max, oldest first.
  // Errors: the store's.
  virtual Async<std::vector<BalanceReading>> note_balance(std::string generator,
                                                          BalanceReading reading) = 0;
};

}  // namespace claimcheck
