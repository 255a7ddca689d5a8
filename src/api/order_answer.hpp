// The answer of GET /api/ops/sessions/{id}: one order as the operator sees it, with the actions
// that are possible now. A part that could not be read is absent or null, never a guess. Pure;
// built from the store's answers.
#pragma once

#include "api/answer_types.hpp"
#include "report/order_gist.hpp"
#include "report/order_report.hpp"
#include "store/store.hpp"

namespace claimcheck {

struct FoundOrder {
  OrderReport report;
  Result<Time> next_look;
  Result<Time> held_since;
  Result<Time> opened;  // when its page was first opened after the delivery
  Result<RefundBreaker> breaker;
  Gist gist = {};
};

OrderAnswer order_answer(const FoundOrder& found, Time now, const Policy& policy);

}  // namespace claimcheck
