// The view of an order in session:<id>: which members a View sets or removes, as changes that are
// spliced into the stored bytes. A session value that has vanished is rebuilt from the claim.
#pragma once

#include "base/clock.hpp"
#include "domain/catalog.hpp"
#include "domain/view.hpp"
#include "store/codec.hpp"

#include <string>
#include <vector>

namespace claimcheck {

std::vector<MemberChange> changes_of(const View& view, Time now);

// The file id in the session value of a unit, if the claim does not know it; empty = none.
std::string foreign_file(const SessionData& session, const Claim& claim, std::size_t unit);

// A session value for a claim that has lost its own. The prompt is lost.
SessionData rebuilt_session(const Claim& claim, const Catalog& catalog);

}  // namespace claimcheck
