// Clients: the address under which a request counts in the limits. Only a trusted proxy may name
// another address than its own. If any other client names one in X-Forwarded-For, it still counts
// under its own. Constant; owned by Api, borrowed by whatever counts.
#pragma once

#include "net/http/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

class Clients {
 public:
  explicit Clients(std::vector<std::string> trusted_proxies)
      : trusted_proxies_(std::move(trusted_proxies)) {}

  std::string address_of(const HttpRequest& request) const;

 private:
  bool trusted(std::string_view address) const;

  std::vector<std::string> trusted_proxies_;
};

}  // namespace claimcheck
