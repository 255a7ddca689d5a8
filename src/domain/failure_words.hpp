// Why a unit was not made, in words: for its buyer, whose page and mails say no more than is known,
// and for operators. Pure.
#pragma once

#include "domain/claim.hpp"
#include "domain/session.hpp"

#include <optional>
#include <string_view>

namespace claimcheck {

// What the buyer is told; nothing = the provider did not say, or it did not fail.
std::optional<SessionReason> buyer_reason(const Unit& unit);
// The same of several units: one reason that all have which will not be made.
std::optional<SessionReason> common_reason(const Claim& claim);

// "the service refused it by its content rules": the end of a sentence.
std::string_view clause_of(SessionReason reason);
// For operators: "content: the provider refused the prompt or its result"; empty = none.
std::string_view words_of(Failure failure);

}  // namespace claimcheck
