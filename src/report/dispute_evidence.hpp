// What a shop can present to the bank about a disputed order, ready to be copied, with the fields
// of Stripe's form for disputes: what was ordered, when it was paid, delivered and opened, and
// where it is. It holds only known facts; a field without any is left out. Pure.
#pragma once

#include "base/error.hpp"
#include "domain/claim.hpp"
#include "domain/session.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

struct DisputedOrder {
  const std::string& session_id;
  const Claim& claim;
  const std::optional<SessionData>& session;  // nothing = it has expired, or it is unreadable
  const Result<Time>& opened;                 // when its page was first opened after the delivery
};

struct EvidenceField {
  std::string field;  // the name in Stripe's dispute object: "product_description"
  std::string text;
};
BOOST_DESCRIBE_STRUCT(EvidenceField, (), (field, text))
// In the sequence of Stripe's form; no field has an empty text.
std::vector<EvidenceField> evidence_of(const DisputedOrder& order);

}  // namespace claimcheck
