// How a decision that no pass has made is stored: of an operator, or of a buyer. The order is
// scheduled before the write, so a crash in between leaves either nothing or an order that is found
// again; it is woken afterwards, so a worker goes on with it at once.
#pragma once

#include "flow/order_pass.hpp"
#include "store/codec.hpp"

#include <string>
#include <vector>

namespace claimcheck {

// Errors and `refused` as of OrderPass::apply. After an error the decision may have been stored.
Async<CommitResult> commit_and_wake(Context& context, std::string session_id, OrderPass& order,
                                    Decision decision, std::string note,
                                    std::vector<MemberChange> also = {});

}  // namespace claimcheck
