// One order in sentences for people: what it waits for, why, and what happens next; and its links
// into Stripe's Dashboard. Pure.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// One or two sentences for the order, then one for each of its videos. `next_look`: when it is due
// by itself; nothing = never. `refunds_stopped`: the refund breaker is open.
std::vector<std::string> words_of(const Claim& claim, std::optional<Time> next_look,
                                  bool refunds_stopped);

struct DashboardLink {
  std::string name;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(DashboardLink, (), (name, url))
// Only for objects that exist: a refund that was not made has no link.
std::vector<DashboardLink> dashboard_links(std::string_view session_id, const Claim& claim);

}  // namespace claimcheck
