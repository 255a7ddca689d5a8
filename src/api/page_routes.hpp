// PageRoutes: pages and their files, and two questions of machines: alive, ready. The answers hold
// nothing about an order; a page asks the API for that. A person gets errors as pages, too. Owned
// by Api, borrows the marks.
#pragma once

#include "api/router.hpp"
#include "api/web_files.hpp"
#include "store/marks.hpp"

#include <string>

namespace claimcheck {

// Does the client want a page rather than JSON? Browsers say so when a person opens an address;
// scripts and programs do not.
bool prefers_html(const HttpRequest& request);

class PageRoutes {
 public:
  PageRoutes(StoreMarks& marks, PageShop shop) : marks_(marks), shop_(std::move(shop)) {}

  Answer home();
  // Where Stripe's link back leads while the shop has named no page of its own.
  Answer left();
  Answer payment_success(std::string session_id);
  // For a buyer who has lost the link: asks for the address, and what the mailed link shows.
  Answer find_orders();
  Answer found_orders();
  Answer operator_page();
  Answer component();
  // Errors: 404 for a name that is not there.
  Answer asset(HttpRequest request, std::string name);
  Answer favicon();
  Answer robots();
  Answer healthz();
  // Errors: 503 while Redis cannot be read and written.
  Answer readyz();

  // 404: for an address that no route has.
  Answer nothing(HttpRequest request);
  // The same error as a page for a person, who may try again later.
  HttpResponse later(const HttpRequest& request, HttpResponse error) const;

 private:
  StoreMarks& marks_;
  PageShop shop_;
};

}  // namespace claimcheck
