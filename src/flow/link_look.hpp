// Looks whether a delivered video is still at its address: in the storage, or at the generator.
// When it is not, the generator is asked for another address.
#pragma once

#include "flow/order_in_work.hpp"

#include <cstddef>
#include <string>

namespace claimcheck {

boost::asio::awaitable<Seen> look_at_link(const OrderInWork& order, std::size_t unit);

// Somebody met a dead address: the order looks at it now. Errors: the store's.
boost::asio::awaitable<Result<void>> doubt_link(Context& context, std::string session_id,
                                                std::size_t unit);

}  // namespace claimcheck
