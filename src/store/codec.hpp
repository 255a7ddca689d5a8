// The stored forms: SessionData <-> the JSON under session:<id>, Claim <-> the hash fields of
// claim:{session:<id>}. The readers accept everything that the original system wrote: missing
// members, numbers as strings, null, lone surrogates. Bytes that cannot be an order are
// `unreadable`. A change of a session value is a splice: members that the change does not name keep
// their bytes, spelling and place, and nothing is parsed and printed again. Pure functions.
#pragma once

#include "base/error.hpp"
#include "domain/claim.hpp"
#include "domain/session.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

// As JSON.stringify prints it: members in SessionData's order, without the empty optionals.
std::string encode_session(const SessionData& session);
// Errors: unreadable (not JSON, not an object, the old layout's mapping, not an order, a newer
// schema); the message says which. A missing member is its default.
Result<SessionData> decode_session(std::string_view bytes);
// The same for an answer that hands the prompt on: it is not read.
struct SessionAroundPrompt {
  SessionData session;      // its prompt is empty
  std::string_view prompt;  // its JSON text, in `bytes`; empty = it has none that is a text
};
Result<SessionAroundPrompt> decode_around_prompt(std::string_view bytes);

// One change of a session value: a member and its new JSON text, or its removal.
struct MemberChange {
  std::string name;
  std::optional<std::string> json;  // nothing = remove
};
// Replaces members in place, and appends new ones in the given order. Errors: unreadable, as above;
// invalid when a new text is not JSON, or when the result would not be an order any more.
Result<std::string> splice_session(std::string_view bytes,
                                   const std::vector<MemberChange>& changes);

// The value without personal data: the prompt is empty, and the e-mail address, the shop's
// reference and metadata, the locale and every member that we do not know are removed. What was
// ordered and how it ended stays. Errors: unreadable, as above.
Result<std::string> without_personal_data(std::string_view bytes);

// JSON texts for MemberChange, as JSON.stringify prints them.
std::string json_text(std::string_view text);  // ENSUREs valid UTF-8
std::string json_number(double value);
std::string json_files(const std::vector<SessionFile>& files);
std::string json_metadata(const SessionMetadata& metadata);
std::string json_refund(const SessionRefund& refund);
std::string json_paid(const SessionPaid& paid);

using HashFields = std::vector<std::pair<std::string, std::string>>;
HashFields encode_claim(const Claim& claim);
// Those of them that are stored: what the reader needs, and what is not at its default. Three
// quarters of an order's fields are. So a default never changes.
HashFields encode_stored_claim(const Claim& claim);
// What a claim may have without a dispute: its own fields, and those of a unit without their
// prefix.
std::vector<std::string> claim_field_names();
std::vector<std::string> unit_field_names();
// Errors: unreadable, also for a newer schema. Unknown fields are ignored.
Result<Claim> decode_claim(const HashFields& fields);

}  // namespace claimcheck
