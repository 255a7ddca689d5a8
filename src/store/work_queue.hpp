// WorkQueue: which order is to be looked at next, and when. A member says when to look, never what
// to do: that is in the claim. Taking one hides it for a lease, and settling it names the score
// that taking it wrote, so who was overtaken meanwhile removes nothing. One of the roles of the
// store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct Due {
  std::string member;       // a session id, or "pi:<payment intent>"
  double score;             // the one `take` wrote; settle() names it
  std::int64_t lapses = 0;  // leases that ran out in a row: its takers died or could not write
};

struct Scheduled {
  std::string member;
  Time when;
};

// What lapsed so often may be what kills its takers: it is taken alone, so that it kills no others.
inline constexpr std::int64_t lapses_alone = 2;

// The member for a payment whose session is not known yet.
inline std::string due_payment(std::string_view payment_intent) {
  return "pi:" + std::string(payment_intent);
}

class WorkQueue {
 public:
  virtual ~WorkQueue() = default;

  // Adds a member that is due at `when` unless it is there already. Errors: the store's.
  virtual Async<void> schedule(std::string member, Time when) = 0;
  // Likewise several at once, as a hint that no disk and no replica is waited for.
  // Errors: the store's; then none was added, or nobody knows.
  virtual Async<void> schedule_all(std::vector<Scheduled> lost) = 0;
  // Makes a member due now, and changes its score in any case: a parked look is never kept.
  // Errors: the store's; after `ambiguous` once more is right.
  virtual Async<void> wake(std::string member) = 0;
  // Up to `limit` due members; each is hidden for `lease`. Nothing comes behind a suspicious one.
  // Errors: the store's; what was taken all the same comes back when its lease is over.
  virtual Async<std::vector<Due>> take(std::size_t limit, Duration lease) = 0;
  // Prolongs the lease of a taken member: its new score. Nothing = it was woken, or it is not
  // ours any more. Errors: the store's.
  virtual Async<std::optional<double>> renew(Due taken, Duration lease) = 0;
  // Parks the member for `delay`, or removes it (nothing). False = it was woken meanwhile: then
  // the member stays, and is due after `delay` at the latest. Errors: the store's.
  virtual Async<bool> settle(Due taken, std::optional<Duration> delay) = 0;
  // When the member is due. Errors: the store's; not_found = it is not in the queue.
  virtual Async<Time> due_at(std::string member) = 0;
  // How many members there are: orders that are not over. Errors: the store's.
  virtual Async<std::int64_t> waiting() = 0;
};

}  // namespace claimcheck
