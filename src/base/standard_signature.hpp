// The signature of the Standard Webhooks over a request of ours: what the shop's servers are sent
// is signed in this way. Its check is the receiver's; of requests to us it is in api/ and
// generator/. Pure.
#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// The header webhook-signature: "v1,<base64>", one for each key, with spaces.
std::string standard_signature(std::string_view id, std::int64_t unix_s, std::string_view body,
                               const std::vector<Secret>& keys);

}  // namespace claimcheck
