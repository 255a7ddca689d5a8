#include "api/page_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "api/web_files.hpp"
#include "domain/session.hpp"

#include <algorithm>
#include <charconv>

namespace claimcheck {

namespace {

// Search engines may not ask what costs a read of Redis or of Stripe. Pages stay open to them: a
// search engine must read a page to see that it is not to be listed.
constexpr std::string_view robots_text =
    "User-agent: *\nDisallow: /api/\nDisallow: /pay/\nDisallow: /receipt/\n";

// How much a client wants that type, 0 to 1. Only what it names: "*/*" is what every program sends.
double wish_for(std::string_view accept, std::string_view type) {
  while (!accept.empty()) {
    std::string_view entry = next_of(accept, ',');
    if (next_of(entry, ';') != type) continue;
    while (!entry.empty()) {
      const std::string_view parameter = next_of(entry, ';');
      if (!parameter.starts_with("q=")) continue;
      double wish = 0;
      std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), wish);
      return wish;
    }
    return 1;
  }
  return 0;
}

HttpResponse as_page(std::string_view name, const PageShop& shop, HttpResponse error) {
  HttpResponse page = page_response(name, shop);
  page.status = error.status;
  const std::string* wait = find_header(error.headers, "retry-after");
  if (wait != nullptr) page.headers.push_back({"retry-after", *wait});
  return page;
}

// Without its body, if the client has the same one.
HttpResponse unless_known(const HttpRequest& request, HttpResponse response) {
  const std::string* tag = find_header(response.headers, "etag");
  if (tag == nullptr || !has_tagged(request, *tag)) return response;
  response.status = 304;
  response.body.clear();
  response.shared_body.reset();
  return response;
}

}  // namespace

bool prefers_html(const HttpRequest& request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const std::string accept = joined_headers(request.headers, "accept");
  const double html = wish_for(accept, "text/html");
  return reads && html > 0 && html >= wish_for(accept, "application/json");
}

Answer PageRoutes::home() { co_return page_response("index.html", shop_); }

Answer PageRoutes::left() { co_return page_response("left.html", shop_); }

Answer PageRoutes::find_orders() { co_return page_response("find.html", shop_); }

Answer PageRoutes::found_orders() { co_return page_response("found.html", shop_); }

// The page itself tells the buyer that there is no such order. The status is for machines.
Answer PageRoutes::payment_success(std::string session_id) {
  HttpResponse page = page_response("payment-success.html", shop_);
  if (!is_session_id(session_id)) page.status = 404;
  co_return page;
}

// The page itself is no secret: everything it shows comes from routes that ask for the operator.
Answer PageRoutes::operator_page() { co_return operator_page_response(); }

// At the root, since a shop's page names this address: it must stay the same.
Answer PageRoutes::component() { co_return asset_response("claimcheck.js", shop_); }

Answer PageRoutes::asset(HttpRequest request, std::string name) {
  if (!is_asset(name, shop_)) co_return co_await nothing(std::move(request));
  co_return unless_known(request, asset_response(name, shop_));
}

// Browsers ask for it by themselves, on addresses that are no page of ours.
Answer PageRoutes::favicon() { co_return icon_response(shop_); }

Answer PageRoutes::robots() {
  HttpResponse response{.status = 200, .body = std::string(robots_text)};
  response.headers.push_back({"content-type", "text/plain; charset=utf-8"});
  response.headers.push_back({"cache-control", "public, max-age=3600"});
  co_return response;
}

Answer PageRoutes::nothing(HttpRequest request) {
  HttpResponse error = error_response(404, "there is nothing at this address", "no_such_route");
  if (prefers_html(request)) error = as_page("missing.html", shop_, std::move(error));
  // A cache must not mix the two forms up.
  error.headers.push_back({"vary", "accept"});
  co_return error;
}

HttpResponse PageRoutes::later(const HttpRequest& request, HttpResponse error) const {
  if (!prefers_html(request)) return error;
  return as_page("later.html", shop_, std::move(error));
}

// Does not ask Redis: a restart does not help a process that waits for it.
Answer PageRoutes::healthz() { co_return json_response(200, HealthAnswer{HealthWord::ok}); }

Answer PageRoutes::readyz() {
  // With a write: a Redis that is full or a replica can still be read.
  const Result<void> ready = co_await marks_.ready();
  if (ready) co_return json_response(200, HealthAnswer{HealthWord::ready});
  co_return error_response(503, "Redis cannot be read and written", "store_unavailable");
}

}  // namespace claimcheck
