// ResultRoute: GET /api/result/{id}-{n}, one delivered result, for addresses that buyers cannot use
// themselves. What is in the shop's storage is answered with a link that is signed for a while;
// what only the generator has is read through, as a stream and with ranges. Our key is sent to the
// generator's own host alone, and never to the buyer. Owned by Api, borrows what it is given.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"

#include <memory>

namespace claimcheck {

// Results read through at the same time in one process: each may hold download_ahead_max bytes.
inline constexpr int read_through_max = 64;

class ResultRoute {
 public:
  explicit ResultRoute(Context& context) : context_(context) {}

  // Errors: 404 (no such result, or not delivered), 410 (its address is dead; the order looks for
  // another one), 502, 503 (too many at once, or the store).
  Answer result(HttpRequest request, std::string name);

 private:
  Answer read_through(HttpRequest request, std::string session_id, Claim claim, std::size_t unit);
  Context& context_;
  std::shared_ptr<int> under_way_ = std::make_shared<int>(0);
};

}  // namespace claimcheck
