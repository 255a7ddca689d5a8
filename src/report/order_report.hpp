// Shows one order to the operator, as text and as JSON. The text never holds the prompt, only its
// length; the JSON holds the stored records in full. Characters that control a terminal are
// escaped. Pure.
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

// An order without a claim, or with unreadable records, is shown as far as it can be read.
std::string report_text(const OrderReport& report);
std::string report_json(const OrderReport& report);
// One order of a list, in one line, below a line that names its columns.
std::string list_header();
std::string list_line(const std::string& session_id, const Result<Claim>& claim);
std::string list_json(const std::string& session_id, const Result<Claim>& claim);

}  // namespace claimcheck
