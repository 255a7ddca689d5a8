// The answer of GET /api/ops/sessions/{id}: one order as the operator sees it, with what may be
// done about it now. What could not be read is left out or null, never a guess. Pure; built from
// what the store told.
#pragma once

#include "api/answer_types.hpp"
#include "report/order_report.hpp"
#include "store/store.hpp"

namespace claimcheck {

struct FoundOrder {
  OrderReport report;
  Result<Time> next_look;
  Result<Time> held_since;
  Result<Time> opened;  // when its page was first looked at after the delivery
  Result<RefundBreaker> breaker;
};

OrderAnswer order_answer(const FoundOrder& found, Time now, const Policy& policy);

}  // namespace claimcheck
