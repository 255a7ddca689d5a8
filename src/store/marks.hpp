// StoreMarks: what is known of this Redis as a whole: since when it is used and by whose account,
// whether it can be written to, and how far the reconciler has come. One of the roles of the store
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

  // When this store was first used: older orders may have been forgotten with an older one.
  // Errors: the store's; not_found = it was emptied while we ran.
  virtual Async<Time> born() = 0;
  // Whose account of Stripe's this store belongs to: the first that used it. Errors: as of born().
  virtual Async<std::string> bind_account(std::string account) = 0;
  // Can it be read and written right now? Errors: the store's = no, and why.
  virtual Async<void> ready() = 0;

  // Up to when Stripe's events are known to have been seen; 1970 = never. Errors: the store's.
  virtual Async<Time> reconciled() = 0;
  // Errors: the store's.
  virtual Async<void> set_reconciled(Time when) = 0;
  // Who walks over all claims? If the next walk is due, or `ours` (what the last call gave, while
  // this process walks) still stands, the next one is due in `delay`, and that is given; nothing =
  // another process walks, or has walked. `delay` is a lease until the walk ends, then the pause.
  // One that is due later than in `longest` is due now. Errors: the store's.
  virtual Async<std::optional<Time>> next_walk(std::optional<Time> ours, Duration delay,
                                               Duration longest) = 0;
};

}  // namespace claimcheck
