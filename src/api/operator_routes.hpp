// OperatorRoutes: what an operator reads: numbers, lists, a search, one order with all its records.
// It also has the one change that is no decision: a patch of the session value, for who may act.
// Decisions are ActionRoutes'. The router lets any operator in to read. Owned by Api, borrows what
// it is given.
#pragma once

#include "api/answer_types.hpp"
#include "api/router.hpp"
#include "domain/shop_face.hpp"
#include "flow/context.hpp"
#include "report/statistics.hpp"

#include <string>

namespace claimcheck {

inline constexpr std::size_t operator_body_bytes_max = 16 * 1024;

class OperatorRoutes {
 public:
  OperatorRoutes(Context& context, Statistics& statistics, Mode mode, const ShopFace& face)
      : context_(context), statistics_(statistics), mode_(mode), face_(face) {}

  // Errors of these: 400 for a malformed question, 404 for an unknown order, 503.
  Answer stats(HttpRequest request);
  Answer orders(HttpRequest request);
  Answer search(HttpRequest request);
  Answer order(std::string session_id);
  Answer metrics();
  // Errors: 400 no patch, 404, 409 (a member that fulfilment owns, or an order in progress), 422 (a
  // wrong type), 500, 503.
  Answer patch(HttpRequest request, std::string session_id, Caller caller);

 private:
  // Errors: the store's.
  boost::asio::awaitable<Result<Now>> now();

  Context& context_;
  Statistics& statistics_;
  Mode mode_;
  ShopFace face_;
};

}  // namespace claimcheck
