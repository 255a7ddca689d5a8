// What banks say of the payment. The order was held when the dispute was seen; this is for the
// person who must answer it.
#include "domain/observe.hpp"

namespace claimcheck {

Decision observe(Transition& t, const DisputesSeen& seen) {
  const Dispute dispute = most_pressing(seen.disputes);
  // An empty list names no payment: what was known before stays.
  if (!exists(dispute) || dispute == t.after.dispute) return t.go_on();
  t.after.dispute = dispute;
  return t.change_order(words_of(dispute));
}

Decision observe(Transition& t, const DisputesUnclear& seen) {
  // A key that may not read disputes will not become one that may: nobody waits for it.
  const bool again = is_closed(t.after.state) && !seen.refused;
  return again ? t.park(t.policy.refused_max) : t.go_on();
}

}  // namespace claimcheck
