// The files of web/, built into the binary. Pages get the strict policy: nothing but our own
// scripts and styles, no markup out of strings, videos and posters from where the generator keeps
// them, never inside a frame. Scripts are public: a shop's page on another origin loads them as
// modules. Names that are not there are a 404. Pure functions.
#pragma once

#include "net/http/http.hpp"

#include <string_view>

namespace claimcheck {

// A style, script or picture, for five minutes.
HttpResponse asset_response(std::string_view name);
// `shop_url`: where a page sends whoever wants to order again; empty = it is not known.
HttpResponse page_response(std::string_view name, std::string_view shop_url);
// Shows nothing of others: no picture, no film.
HttpResponse operator_page_response();

}  // namespace claimcheck
