#include "api/clients.hpp"

#include <string_view>

namespace claimcheck {

// Each proxy appends the address it was called from, so the list is read from its end. The first
// entry that is not a trusted proxy is the client. Entries before it may be invented. An entry that
// is no address ("unknown") names nobody, so the proxies count.
IpAddress Clients::forwarded_for(IpAddress peer, std::string_view entries) const {
  IpAddress client = peer;
  while (!entries.empty() && trusted_proxies_.contains(client)) {
    const std::size_t comma = entries.rfind(',');
    std::string_view entry = comma == std::string_view::npos ? entries : entries.substr(comma + 1);
    entries = comma == std::string_view::npos ? std::string_view() : entries.substr(0, comma);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (entry.empty()) continue;
    const std::optional<IpAddress> named = read_ip(entry);
    if (!named) break;
    client = *named;
  }
  // Only trusted proxies: one of them made the request itself.
  return trusted_proxies_.contains(client) ? peer : client;
}

std::string Clients::client_of(const HttpRequest& request) const {
  const std::optional<IpAddress> peer = read_ip(request.peer);
  if (!peer) return request.peer;
  if (!trusted_proxies_.contains(*peer)) return client_network(*peer);
  const std::string forwarded = joined_headers(request.headers, "x-forwarded-for");
  return client_network(forwarded_for(*peer, forwarded));
}

}  // namespace claimcheck
