// The answer of GET /api/webhook-status/{id}: the replaced system's members in its order, absent
// when unset, then the members that were added. It has two parts: what the session value says
// (OrderStatus), and what changes by itself, the present duration of orders and the place in a
// line. Pure.
#pragma once

#include "base/clock.hpp"
#include "domain/session.hpp"
#include "report/queue_place.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// An order as its buyer sees it.
struct OrderStatus {
  std::string answer;  // a JSON object: all that the session value says
  std::string id;      // its fingerprint
  SessionStatus status = SessionStatus::pending;
  std::optional<Time> created;  // nothing = it cannot be read
  bool queued = false;          // it stands in the line of a generator
  bool refund_pending = false;

  // Nothing more to expect, but for its refund.
  bool ended() const {
    return status == SessionStatus::completed || status == SessionStatus::error;
  }
};
// `prompt` is its JSON text.
OrderStatus order_status_of(const SessionData& session, std::string_view prompt);

// What is part of the answer while the order has not ended.
struct Expectation {
  std::optional<std::int64_t> seconds;  // how long orders take at present
  std::optional<QueuePlace> queue;      // where it stands in the line of its generator
};
std::string status_answer(const OrderStatus& order, const Expectation& expected);
// The same text; not copied where there is nothing to add to it.
std::shared_ptr<const std::string> shared_answer(std::shared_ptr<const OrderStatus> order,
                                                 const Expectation& expected);
// Its strong entity tag, in its quotes.
std::string status_tag(const OrderStatus& order, const Expectation& expected);

// Percent of the ordered videos that are ready.
std::int64_t progress_of(const SessionData& session);

}  // namespace claimcheck
