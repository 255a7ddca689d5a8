// Public addresses: a URL that comes from outside must not lead into our own network. There a
// request from this machine is trusted more than one from elsewhere.
#pragma once

#include <string_view>

namespace claimcheck {

// False for loopback, private, link-local, shared (RFC 6598), multicast, reserved, and no address.
bool is_public_address(std::string_view ip);

}  // namespace claimcheck
