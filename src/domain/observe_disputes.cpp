// The disputes of the payment. The order was held when the dispute was seen; the dispute itself is
// recorded for the person who must answer it.
#include "domain/observe.hpp"

namespace claimcheck {

Decision observe(Transition& t, const DisputesSeen& seen) {
  const Dispute dispute = most_pressing(seen.disputes);
  // An empty list proves nothing, so the known dispute stays.
  if (!exists(dispute) || dispute == t.after.dispute) return t.go_on();
  t.after.dispute = dispute;
  return t.change_order(words_of(dispute));
}

Decision observe(Transition& t, const DisputesUnclear& seen) {
  // A key that may not read disputes will not be allowed to later, so the order does not wait.
  const bool again = is_closed(t.after.state) && !seen.refused;
  return again ? t.park(t.policy.refused_max) : t.go_on();
}

}  // namespace claimcheck
