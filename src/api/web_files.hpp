// The files of web/, built into the binary. Pages get a strict policy: only our own scripts and
// styles, no markup out of strings, never inside a frame. Pictures and videos may come from any
// host, since the generator decides where it keeps them. Scripts are public: a shop's page on
// another origin loads them as modules. Pure functions.
#pragma once

#include "net/http/http.hpp"

#include <string_view>

namespace claimcheck {

bool is_asset(std::string_view name);
// A style, script or picture, by a name that is_asset(); caches may keep it for five minutes.
HttpResponse asset_response(std::string_view name);
// `shop_url`: where a page sends a buyer who wants to order again; empty = not known.
HttpResponse page_response(std::string_view name, std::string_view shop_url);
// Its policy allows no picture and no video of other hosts.
HttpResponse operator_page_response();

}  // namespace claimcheck
