// Origins: what pages of other web origins may see. Only configured origins get CORS headers, and
// no credentials; a route that made its answer public itself keeps its own header. Also puts the
// headers on that every answer has. Constant; owned by Api, borrowed by the router.
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
  // Of the request only the headers are read.
  void add_headers(const HttpRequest& request, HttpResponse& response) const;

 private:
  bool allowed(const std::string& origin) const;

  std::vector<std::string> allowed_;
};

}  // namespace claimcheck
