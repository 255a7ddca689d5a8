// The two small stored texts: a history line and an idempotency record, one JSON object each. Both
// stores keep these texts, so both return the same records. Errors: unreadable. Internal to
// src/store.
#pragma once

#include "store/checkout_records.hpp"
#include "store/orders.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

// {"t":"<ISO 8601, milliseconds>","from":..,"to":..,"why":..}
std::string encode_history_line(const HistoryLine& line);
Result<HistoryLine> decode_history_line(std::string_view text);

// {"body_sha256":..,"success_url":..,"attempt":..,"session_id":..} and so on
std::string encode_idempotency(const IdempotencyRecord& record);
Result<IdempotencyRecord> decode_idempotency(std::string_view text);

}  // namespace claimcheck
