#include "api/web_files.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "embedded/web.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

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
// A logo may be a picture that can hold scripts. As a picture in a page it runs none; opened as a
// document it is on its own.
constexpr std::string_view logo_policy =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
constexpr std::string_view logo_name = "shop-logo";
// Short, since names do not change with a release: after five minutes every page has the new files.
constexpr std::string_view caching = "public, max-age=300";
// Of what follows the configuration: asked for each time, and sent again only if it has changed.
constexpr std::string_view asking = "public, no-cache";
// The places in pages and scripts that differ between shops.
constexpr std::string_view shop_place = "{{shop}}";
constexpr std::string_view header_place = "{{header}}";
constexpr std::string_view footer_place = "{{footer}}";
constexpr std::string_view title_place = "{{title}}";
constexpr std::string_view content_place = "{{content}}";
constexpr std::string_view without_mail_place = "{{without_mail}}";
constexpr std::string_view frame_name = "frame.html";
constexpr std::string_view face_name = "face.js";
constexpr std::string_view face_place = "{}";

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

bool has_logo(const ShopFace& face) { return !face.logo.type.empty(); }

// Every value is escaped, though all are the operator's own: a name may hold `&`.
std::string header_html(const ShopFace& face) {
  if (face.name.empty()) return {};
  // The name stands beside it, so the picture says nothing of its own.
  const std::string logo =
      has_logo(face) ? fmt::format(R"(<img src="/assets/{}" alt="">)", logo_name) : "";
  return fmt::format(R"(<p class="shop">{}<span translate="no">{}</span></p>)", logo,
                     escape_html(face.name));
}

// The words stand in English until a script has chosen the language.
std::string footer_html(const ShopFace& face) {
  struct Link {
    std::string_view key;
    std::string_view words;
    std::string_view address;
  };
  std::string links;
  for (const Link& link :
       {Link{"writeToUs", "Write to us", face.support}, Link{"terms", "Terms", face.terms},
        Link{"privacy", "Privacy", face.privacy}}) {
    if (link.address.empty()) continue;
    links += fmt::format(R"(<a href="{}" data-text="{}" rel="noopener noreferrer">{}</a>)",
                         escape_html(link.address), link.key, link.words);
  }
  return links.empty() ? links : fmt::format(R"(<footer>{}</footer>)", links);
}

// What scripts need: the component on a shop's own page has no other way to it.
std::string face_json(const PageShop& shop) {
  const ShopFace& face = shop.face;
  if (face.name.empty()) return std::string(face_place);
  boost::json::object products;
  for (const auto& [price, title] : face.products) products[price] = title;
  return boost::json::serialize(boost::json::object{
      {"name", face.name}, {"shop", shop.url}, {"support", face.support}, {"products", products}});
}

void put_in_colors(std::string& sheet, const ShopFace& face) {
  replace_all(sheet, accent_default, face.accent);
  replace_all(sheet, accent_dark_default, face.accent_dark);
}

void ask_each_time(HttpResponse& response) {
  response.headers.push_back({"cache-control", std::string(asking)});
  response.headers.push_back({"etag", fmt::format("\"{}\"", sha256_hex(response.body))});
}

HttpResponse logo_response(const ShopLogo& logo) {
  HttpResponse response{.status = 200, .body = logo.bytes};
  response.headers.push_back({"content-type", logo.type});
  response.headers.push_back({"content-security-policy", std::string(logo_policy)});
  ask_each_time(response);
  return response;
}

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

// Most pages share a frame, and only their content is in their own file. It begins with its
// headline, which is the title, too.
void put_into_frame(std::string& body) {
  if (body.starts_with("<!doctype")) return;
  const std::size_t open = body.find('>', body.find("<h1")) + 1;
  const std::string title = body.substr(open, body.find("</h1>") - open);
  std::string page(find_file(frame_name)->body);
  replace_all(page, title_place, title);
  replace_all(page, content_place, body);
  body = std::move(page);
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
bool is_asset(std::string_view name, const PageShop& shop) {
  if (name == logo_name) return has_logo(shop.face);
  return find_file(name) != nullptr && !name.ends_with(".html");
}

HttpResponse asset_response(std::string_view name, const PageShop& shop) {
  if (name == logo_name && has_logo(shop.face)) return logo_response(shop.face.logo);
  const embedded::File* file = find_file(name);
  ENSURE(file != nullptr);
  HttpResponse response = file_response(*file, page_policy);
  // In the sheets, and not in one of its own: nothing is drawn in another colour first.
  const bool has_colors = name == "page.css" || name == "status.css";
  if (has_colors) put_in_colors(response.body, shop.face);
  if (name == face_name) replace_all(response.body, face_place, face_json(shop));
  if (has_colors || name == face_name) {
    ask_each_time(response);
  } else {
    response.headers.push_back({"cache-control", std::string(caching)});
  }
  // A shop's page loads these from its own origin; pictures are only for our pages.
  if (name.ends_with(".js") || name.ends_with(".css")) {
    response.headers.push_back({"access-control-allow-origin", "*"});
    response.headers.push_back({"cross-origin-resource-policy", "cross-origin"});
  }
  return response;
}

HttpResponse icon_response(const PageShop& shop) {
  return has_logo(shop.face) ? logo_response(shop.face.logo) : asset_response("icon.svg", shop);
}

HttpResponse page_response(std::string_view name, const PageShop& shop) {
  HttpResponse page = alone(name, page_policy);
  put_into_frame(page.body);
  // Our own values first: none of them holds a place.
  replace_all(page.body, without_mail_place, shop.has_mail ? "" : "hidden");
  if (has_logo(shop.face)) replace_all(page.body, "/assets/icon.svg", "/assets/shop-logo");
  if (!shop.face.name.empty()) {
    replace_all(page.body, "</title>", fmt::format(" · {}</title>", escape_html(shop.face.name)));
  }
  replace_all(page.body, header_place, header_html(shop.face));
  replace_all(page.body, footer_place, footer_html(shop.face));
  replace_all(page.body, shop_place, escape_html(shop.url));
  return page;
}

HttpResponse operator_page_response() { return alone("ops.html", operator_policy); }

}  // namespace claimcheck
