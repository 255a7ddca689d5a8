#include "api/origins.hpp"

#include <algorithm>

namespace claimcheck {

bool Origins::allowed(const std::string& origin) const {
  return std::ranges::find(allowed_, origin) != allowed_.end();
}

HttpResponse Origins::preflight(const HttpRequest& request, const std::string& methods) const {
  HttpResponse response{.status = 204};
  const std::string* origin = find_header(request.headers, "origin");
  // Another origin gets 204 without these headers: its browser then stops by itself.
  if (origin != nullptr && allowed(*origin)) {
    response.headers.push_back({"access-control-allow-methods", methods});
    response.headers.push_back(
        {"access-control-allow-headers", "content-type, idempotency-key, if-none-match"});
    response.headers.push_back({"access-control-max-age", "600"});
  }
  return response;
}

std::string Origins::named_in(const HttpRequest& request) const {
  if (allowed_.empty()) return {};
  const std::string* origin = find_header(request.headers, "origin");
  return origin == nullptr ? std::string() : *origin;
}

void Origins::add_headers(const std::string& origin, HttpResponse& response) const {
  // An answer is about one order or for one person. A route that may be cached says so itself.
  if (find_header(response.headers, "cache-control") == nullptr) {
    response.headers.push_back({"cache-control", "no-store"});
  }
  response.headers.push_back({"x-content-type-options", "nosniff"});
  // The address of an order's page is the buyer's only proof, so no other site may get it.
  response.headers.push_back({"referrer-policy", "no-referrer"});
  const bool public_already =
      find_header(response.headers, "access-control-allow-origin") != nullptr;
  if (allowed_.empty() || public_already) return;
  // Also without an origin: a cache must not serve this answer to a page that would get another
  // one.
  response.headers.push_back({"vary", "Origin"});
  if (!allowed(origin)) return;
  response.headers.push_back({"access-control-allow-origin", origin});
  // Without it a script sees no tag, and could not ask with it.
  if (find_header(response.headers, "etag") != nullptr) {
    response.headers.push_back({"access-control-expose-headers", "etag"});
  }
}

}  // namespace claimcheck
