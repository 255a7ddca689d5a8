// The answer of GET /api/webhook-status/{id}: the replaced system's members in its order, absent
// when unset, then the members that were added. Pure; built from the session value and the present
// duration of orders.
#pragma once

#include "domain/session.hpp"
#include "report/queue_place.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace claimcheck {

// `expected_s`: how long orders take at present; part of the answer while this order is not over.
// `queue`: where it stands in the line of its generator.
std::string status_answer(const SessionData& session,
                          std::optional<std::int64_t> expected_s = std::nullopt,
                          const std::optional<QueuePlace>& queue = std::nullopt);

// Percent of the ordered videos that are ready.
std::int64_t progress_of(const SessionData& session);

}  // namespace claimcheck
