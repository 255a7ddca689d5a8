// PageRoutes: pages and their files, and two questions of machines: alive, ready. The answers hold
// nothing about an order; a page asks the API for that. Owned by Api, borrows the marks.
#pragma once

#include "api/router.hpp"
#include "store/marks.hpp"

#include <string>

namespace claimcheck {

class PageRoutes {
 public:
  // `shop_url`: where pages lead back to; empty = not known.
  PageRoutes(StoreMarks& marks, std::string shop_url)
      : marks_(marks), shop_url_(std::move(shop_url)) {}

  Answer home();
  Answer payment_success(std::string session_id);
  Answer operator_page();
  Answer component();
  // Errors: 404 for a name that is not there.
  Answer asset(std::string name);
  Answer healthz();
  // Errors: 503 while Redis cannot be read and written.
  Answer readyz();

 private:
  StoreMarks& marks_;
  std::string shop_url_;
};

}  // namespace claimcheck
