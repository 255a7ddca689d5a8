// The answer of GET /api/webhook-status/{id}: the original's members in the original's order,
// absent when unset, then the ones that were added. Pure; built from the session value alone.
#pragma once

#include "domain/session.hpp"

#include <string>

namespace claimcheck {

std::string status_answer(const SessionData& session);

// Percent of the ordered videos that are ready.
std::int64_t progress_of(const SessionData& session);

}  // namespace claimcheck
