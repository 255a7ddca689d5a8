// Ports: the sockets that this process listens on. Those that it was given (net/inherited.hpp) come
// before CLAIMCHECK_LISTEN. All serve the same. The first one is for buyers and Stripe.
#pragma once

#include "config/config.hpp"
#include "net/http/server.hpp"

#include <memory>
#include <vector>

namespace claimcheck {

using Ports = std::vector<std::unique_ptr<HttpServer>>;

// `shared`: other processes may listen on CLAIMCHECK_LISTEN as well. Errors: invalid, with what to
// set.
Result<Ports> open_ports(boost::asio::any_io_executor executor, const Clock& clock,
                         const Config& config, const std::vector<int>& given, bool shared);

}  // namespace claimcheck
