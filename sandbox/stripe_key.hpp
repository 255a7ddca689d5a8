// Reads the API key of a request to Stripe, as the official clients send it: "Bearer <key>", or
// HTTP Basic with the key as user. The caller decides whether the key is valid. Keys of the sandbox
// are not secret, but they are shown shortened, as Stripe does.
#pragma once

#include "net/http/http.hpp"

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

// "" when the request has no key that can be read.
std::string key_of(const HttpRequest& request);
// "sk_test_********************1234"
std::string shortened_key(const std::string& key);

}  // namespace claimcheck::sandbox
