// WorkQueue: the work index: which order is due next, and when. A member says only that its order
// is due; what to do is in the claim. take() hides a member for a lease. settle() names the score
// that take() wrote, so a worker whose member was woken or taken again meanwhile removes nothing.
// One of the roles of the store (store.hpp).
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
  std::int64_t lapses = 0;  // expired leases in a row: the workers died or could not write
};

struct Scheduled {
  std::string member;
  Time when;
};

// After so many expired leases the order itself may be what kills its workers. It is then taken
// alone, so that no other order is lost with it.
inline constexpr std::int64_t lapses_alone = 2;

// The member for a payment whose session is not known yet.
inline std::string due_payment(std::string_view payment_intent) {
  return "pi:" + std::string(payment_intent);
}

// Whether the other processes are told of a wake, so that they look at once.
enum class Announce { no, yes };

class WorkQueue {
 public:
  virtual ~WorkQueue() = default;

  // Makes a member due at `when` at the latest. Errors: the store's.
  virtual Async<void> schedule(std::string member, Time when) = 0;
  // Adds several members unless they are there already, as a hint that waits for no disk and no
  // replica. Errors: the store's; then none was added, or it is not known whether they were.
  virtual Async<void> schedule_all(std::vector<Scheduled> lost) = 0;
  // Makes a member due now, and changes its score in any case: a settle() under way must not park
  // it. An announcement may be lost. Errors: the store's; after `ambiguous` the call may be
  // repeated.
  virtual Async<void> wake(std::string member, Announce announce) = 0;
  // Takes up to `limit` due members; each is hidden for `lease`. A suspicious member (lapses_alone)
  // is the last one taken. Errors: the store's; what was taken all the same comes back when its
  // lease is over.
  virtual Async<std::vector<Due>> take(std::size_t limit, Duration lease) = 0;
  // Prolongs the lease of a taken member, and returns its new score. Nothing = the member was woken
  // or taken by another worker. Errors: the store's.
  virtual Async<std::optional<double>> renew(Due taken, Duration lease) = 0;
  // Parks the member for `delay`, or removes it (nothing), and with it its bytes as an unpaid order
  // (CheckoutRecords). False = it was woken meanwhile: then the member stays, and is due after
  // `delay` at the latest. Errors: the store's.
  virtual Async<bool> settle(Due taken, std::optional<Duration> delay) = 0;
  // When the member is due. Errors: the store's; not_found = it is not in the queue.
  virtual Async<Time> due_at(std::string member) = 0;
  // How many members there are: orders that are not over. Errors: the store's.
  virtual Async<std::int64_t> waiting() = 0;
};

}  // namespace claimcheck
