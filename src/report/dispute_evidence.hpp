// What a shop can tell the bank about a disputed order, field by field as Stripe's form for
// disputes has them, ready to be copied: what was ordered, when it was paid, delivered and looked
// at, where it is. Only what is known; a field of which nothing is known is left out. Pure.
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
  const std::optional<SessionData>& session;  // nothing = its life is over, or it is unreadable
  const Result<Time>& opened;                 // when it was first looked at after its delivery
};

struct EvidenceField {
  std::string field;  // of Stripe's dispute object: "product_description"
  std::string text;
};
BOOST_DESCRIBE_STRUCT(EvidenceField, (), (field, text))
std::vector<EvidenceField> evidence_of(const DisputedOrder& order);

}  // namespace claimcheck
