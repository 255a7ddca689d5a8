#include "api/web_files.hpp"

#include "base/assert.hpp"
#include "embedded/web.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// Buyers' pages show videos, and the generator decides on which host they are.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: http:; media-src https: http:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
// The operator's page can spend money, so it loads nothing from other hosts.
constexpr std::string_view operator_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
// The one place in a page that differs between shops.
constexpr std::string_view shop_place = "{{shop}}";

const embedded::File* find_file(std::string_view name) {
  const auto* found = std::ranges::find(embedded::web_files, name, &embedded::File::name);
  return found == embedded::web_files.end() ? nullptr : found;
}

HttpResponse file_response(const embedded::File& file, std::string_view policy) {
  HttpResponse response{.status = 200, .body = std::string(file.body)};
  response.headers.push_back({"content-type", std::string(file.content_type)});
  // On every file, not only on pages: a browser may open a script or a picture as a document.
  response.headers.push_back({"content-security-policy", std::string(policy)});
  return response;
}

// A page that no page of another origin can read or keep a handle on.
HttpResponse alone(std::string_view name, std::string_view policy) {
  const embedded::File* file = find_file(name);
  // The names are in our own code and the files in the binary.
  ENSURE(file != nullptr);
  HttpResponse page = file_response(*file, policy);
  page.headers.push_back({"cross-origin-opener-policy", "same-origin"});
  page.headers.push_back({"cross-origin-resource-policy", "same-origin"});
  // The address of an order's page is all that one needs to see it, so no page is ever listed.
  page.headers.push_back({"x-robots-tag", "noindex, nofollow"});
  return page;
}

}  // namespace

// Pages have addresses of their own, with headers that an asset does not get.
bool is_asset(std::string_view name) {
  return find_file(name) != nullptr && !name.ends_with(".html");
}

HttpResponse asset_response(std::string_view name) {
  const embedded::File* file = find_file(name);
  ENSURE(file != nullptr);
  HttpResponse response = file_response(*file, page_policy);
  // Short, since names do not change with a release: after five minutes every page has the new
  // files.
  response.headers.push_back({"cache-control", "public, max-age=300"});
  // A shop's page loads these from its own origin; pictures are only for our pages.
  if (name.ends_with(".js") || name.ends_with(".css")) {
    response.headers.push_back({"access-control-allow-origin", "*"});
    response.headers.push_back({"cross-origin-resource-policy", "cross-origin"});
  }
  return response;
}

HttpResponse page_response(std::string_view name, std::string_view shop_url) {
  HttpResponse page = alone(name, page_policy);
  if (const std::size_t at = page.body.find(shop_place); at != std::string::npos) {
    // Escaped, though it is the operator's own setting: an address may hold `&`.
    page.body.replace(at, shop_place.size(), escape_html(shop_url));
  }
  return page;
}

HttpResponse operator_page_response() { return alone("ops.html", operator_policy); }

}  // namespace claimcheck
