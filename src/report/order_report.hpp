// How one order is shown to the operator, as text and as JSON. The text never holds the prompt,
// only its length; the JSON holds the stored records whole. Whatever a terminal would obey in them
// is escaped. Pure.
#pragma once

#include "store/store.hpp"

#include <string>
#include <vector>

namespace claimcheck {

struct OrderReport {
  std::string session_id;
  Result<SessionBytes> session;
  Result<Claim> claim;
  std::vector<HistoryLine> history;
};

std::string report_text(const OrderReport& report);
std::string report_json(const OrderReport& report);
std::string list_line(const std::string& session_id, const Result<Claim>& claim);
std::string list_json(const std::string& session_id, const Result<Claim>& claim);

}  // namespace claimcheck
