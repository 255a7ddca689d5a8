// OperatorRoutes: what the operator reads: numbers, lists, a search, one order with all that is
// stored of it; and the one change that is no decision, a patch of the session value. Decisions
// are ActionRoutes'. The router lets only the operator in. Owned by Api, borrows what it is given.
#pragma once

#include "api/router.hpp"
#include "flow/context.hpp"
#include "report/statistics.hpp"

#include <string>

namespace claimcheck {

inline constexpr std::size_t operator_body_bytes_max = 16 * 1024;

class OperatorRoutes {
 public:
  OperatorRoutes(Context& context, Statistics& statistics, bool live_mode)
      : context_(context), statistics_(statistics), live_mode_(live_mode) {}

  Answer stats(HttpRequest request);
  Answer orders(HttpRequest request);
  Answer search(HttpRequest request);
  Answer order(std::string session_id);
  Answer metrics();
  Answer patch(HttpRequest request, std::string session_id);

 private:
  Context& context_;
  Statistics& statistics_;
  bool live_mode_;
};

}  // namespace claimcheck
