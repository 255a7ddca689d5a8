// Failure: why a generator refused a submit or failed a job, in one vocabulary for all generators.
// Each adapter translates its provider's statuses and codes into it; the order machine and the
// texts for people know only these words.
#pragma once

#include <boost/describe/enum.hpp>

namespace claimcheck {

// input: these inputs can never be made there. content: the prompt or the result was refused.
// transient: a fault of the provider's own, another try may succeed. throttled: too many calls or
// jobs. balance: the account has no money left. configuration: key, model or address are wrong.
// unknown: it did not say. The last two are our own verdicts after a wait. late: its job did not
// end within the deadline. away: it took no order, or told nothing of it, within the patience.
enum class Failure {
  none,
  input,
  content,
  transient,
  throttled,
  balance,
  configuration,
  unknown,
  late,
  away
};
BOOST_DESCRIBE_ENUM(Failure, none, input, content, transient, throttled, balance, configuration,
                    unknown, late, away)

}  // namespace claimcheck
