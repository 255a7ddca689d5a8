// The connection on which Redis tells this process what others have done: that any program wrote a
// session value, which goes to the kept answers and the streams, and that another process woke an
// order and has no place for it, which goes to this process's Fulfilment. A separate connection,
// since pushes come at any time. Without it no answer is kept, and streams and Fulfilment look from
// time to time.
#pragma once

#include "api/order_events.hpp"
#include "flow/context.hpp"
#include "net/redis/redis.hpp"

namespace claimcheck {

// `options` with the pushes asked for and received. Borrows the parts.
RedisOptions following(RedisOptions options, StatusCache& orders, OrderEvents& events,
                       Context& context);

}  // namespace claimcheck
