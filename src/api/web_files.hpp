// The files of web/, built into the binary. Pages get a strict policy: only our own scripts and
// styles, no markup out of strings, never inside a frame. Pictures and videos may come from any
// host, since the generator decides where it keeps them. Scripts are public: a shop's page on
// another origin loads them as modules. The shop's name, colours and addresses are put in here, so
// that a page needs no request more and shows them without scripts, too. Pure functions.
#pragma once

#include "domain/shop_face.hpp"
#include "net/http/http.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

// What differs between the pages of shops. `url`: where a page sends a buyer who wants to order
// again; empty = not known.
struct PageShop {
  std::string url;
  bool has_mail = false;  // links to lost orders can be sent
  ShopFace face;
};

bool is_asset(std::string_view name, const PageShop& shop);
// A style, script or picture, by a name that is_asset(). Caches may keep it for five minutes; what
// follows the shop's configuration has an `etag`, and they ask for it each time.
HttpResponse asset_response(std::string_view name, const PageShop& shop);
// The shop's logo, else our own icon.
HttpResponse icon_response(const PageShop& shop);
HttpResponse page_response(std::string_view name, const PageShop& shop);
// Its policy allows no picture and no video of other hosts.
HttpResponse operator_page_response();

}  // namespace claimcheck
