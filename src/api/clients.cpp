#include "api/clients.hpp"

#include <algorithm>

namespace claimcheck {

bool Clients::trusted(std::string_view address) const {
  return std::ranges::find(trusted_proxies_, address) != trusted_proxies_.end();
}

// Each proxy appends the address it was called from, so the list is read from its end. The first
// entry that is not a trusted proxy is the client. Entries before it may be invented.
std::string Clients::address_of(const HttpRequest& request) const {
  if (!trusted(request.peer)) return request.peer;
  const std::string forwarded = joined_headers(request.headers, "x-forwarded-for");
  std::string_view rest = forwarded;
  while (!rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    std::string_view entry = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    // Cut, since it is stored as a key. No address is that long.
    if (!trusted(entry) && !entry.empty()) return std::string(entry.substr(0, 64));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  // Only trusted proxies: one of them made the request itself.
  return request.peer;
}

}  // namespace claimcheck
