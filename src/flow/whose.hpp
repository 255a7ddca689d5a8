// Decides whether an order is ours, and what is owed for it, when Redis has no claim of it.
// Fulfilment, reconcile and audit share this rule. An order is ours if a readable session value is
// in Redis, no matter which program wrote it (the shop's own site may), or if Stripe's metadata
// names a tool of ours. Price and quantity at Stripe and the session value say what was bought;
// where they do not fit, a person decides.
#pragma once

#include "domain/catalog.hpp"
#include "domain/claim.hpp"
#include "domain/session.hpp"
#include "store/session_bytes.hpp"
#include "stripe/client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// Nothing = there is no session value, or none that can be read. Errors: the store's.
Async<std::optional<SessionData>> known_session(SessionValues& values, std::string session_id);
// For a session without a claim. `tool`: the name in Stripe's metadata. Errors: the store's.
Async<bool> is_ours(SessionValues& values, const Catalog& catalog, std::string session_id,
                    std::string_view tool);

struct Owed {
  Claim claim;
  std::string doubt;  // why a person must decide; empty = everything fits
};
// For a session that is ours and paid.
Owed owed_for(const stripe::CheckoutSession& session, const std::optional<SessionData>& known,
              const Catalog& catalog, Time now);

}  // namespace claimcheck
