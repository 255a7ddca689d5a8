// StoreMarks: facts about this Redis as a whole: since when it is used, whose Stripe account
// it belongs to, whether it can be written to, and how far the reconciler has come. One of the
// roles of the store (store.hpp).
// (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <optional>
#include <string>

namespace claimcheck {

class StoreMarks {
 public:
  virtual ~StoreMarks() = default;

  // When this store was first used. Older orders may be lost with an older store. Errors: the
  // store's; not_found = Redis was emptied while we ran.
  virtual Async<Time> born() = 0;
  // Binds the store to this Stripe account unless it is bound; returns the account that it is bound
  // to. Errors: as of born().
  virtual Async<std::string> bind_account(std::string account) = 0;
  // Can it be read and written right now? Errors: the store's = no, and why.
  virtual Async<void> ready() = 0;

  // The time up to which all events of Stripe are processed; 1970 = never. Errors: the store's.
  virtual Async<Time> reconciled() = 0;
  // Errors: the store's.
  virtual Async<void> set_reconciled(Time when) = 0;
  // Asks whether this process may walk over all claims. Yes, if the next walk is due, or if `ours`
  // is still the stored time; `ours` is the result of the last call while this process walks. Then
  // the next walk becomes due in `delay`, and that time is returned. Nothing = another process
  // walks or has walked. `delay` is a lease until the walk ends, then the pause. A stored time
  // further away than `longest` counts as due now. Errors: the store's.
  virtual Async<std::optional<Time>> next_walk(std::optional<Time> ours, Duration delay,
                                               Duration longest) = 0;
  // Whether this process is to delete old results now: one does in each `period`. Errors: the
  // store's.
  virtual Async<bool> deletion_turn(Duration period) = 0;
};

}  // namespace claimcheck
