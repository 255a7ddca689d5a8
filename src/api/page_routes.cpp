#include "api/page_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "api/web_files.hpp"
#include "domain/session.hpp"

namespace claimcheck {

Answer PageRoutes::home() { co_return page_response("index.html", shop_url_); }

// The page itself tells the buyer that there is no such order. The status is for machines.
Answer PageRoutes::payment_success(std::string session_id) {
  HttpResponse page = page_response("payment-success.html", shop_url_);
  if (!is_session_id(session_id)) page.status = 404;
  co_return page;
}

// The page itself is no secret: everything it shows comes from routes that ask for the operator.
Answer PageRoutes::operator_page() { co_return operator_page_response(); }

// At the root, since a shop's page names this address: it must stay the same.
Answer PageRoutes::component() { co_return asset_response("claimcheck.js"); }

Answer PageRoutes::asset(std::string name) { co_return asset_response(name); }

// Does not ask Redis: a restart does not help a process that waits for it.
Answer PageRoutes::healthz() { co_return json_response(200, HealthAnswer{HealthWord::ok}); }

Answer PageRoutes::readyz() {
  // With a write: a Redis that is full or a replica can still be read.
  const Result<void> ready = co_await marks_.ready();
  if (ready) co_return json_response(200, HealthAnswer{HealthWord::ready});
  co_return error_response(503, "Redis cannot be read and written", "store_unavailable");
}

}  // namespace claimcheck
