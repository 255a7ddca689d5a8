// ListRoutes: what stands around the operator's lists: how many there are, what was sold, a list as
// a file. The lists themselves are OperatorRoutes'. The router lets any operator in. Owned by
// Api, borrows the context.
#pragma once

#include "api/answer_types.hpp"
#include "api/router.hpp"
#include "domain/shop_face.hpp"
#include "flow/context.hpp"
#include "flow/refusal.hpp"
#include "report/order_list.hpp"

#include <expected>
#include <string>

namespace claimcheck {

class ListRoutes {
 public:
  ListRoutes(Context& context, Mode mode, const ShopFace& face)
      : context_(context), mode_(mode), face_(face) {}

  // Two round trips to Redis, whatever the number of orders. Errors: 503.
  Answer counts();
  // Errors: 503.
  Answer sales();
  // Errors: 400 for a malformed question, 503.
  Answer csv(HttpRequest request, Caller caller);

 private:
  Context& context_;
  Mode mode_;
  ShopFace face_;
};

// The filter of a list, and the days that it is asked for. Refusals: invalid, with the parameter.
struct ListQuestion {
  OrderFilter filter = OrderFilter::all;
  Created created;
};
std::expected<ListQuestion, Refusal> read_list_question(const HttpRequest& request);

}  // namespace claimcheck
