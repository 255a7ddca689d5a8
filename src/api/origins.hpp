// Origins: what pages of other web origins may see. Only configured origins get CORS headers, and
// never for credentials. A route that made its answer public keeps its own header. Origins also
// adds the headers that every answer has. Constant; owned by Api, borrowed by the router.
#pragma once

#include "net/http/http.hpp"

#include <string>
#include <vector>

namespace claimcheck {

class Origins {
 public:
  explicit Origins(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  // The answer to OPTIONS; `methods` are those of the address, with commas.
  HttpResponse preflight(const HttpRequest& request, const std::string& methods) const;
  // The web origin that a browser names, if answers depend on it; else empty.
  std::string named_in(const HttpRequest& request) const;
  // `origin` is what named_in() said of the request.
  void add_headers(const std::string& origin, HttpResponse& response) const;

 private:
  bool allowed(const std::string& origin) const;

  std::vector<std::string> allowed_;
};

}  // namespace claimcheck
