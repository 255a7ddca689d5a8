// One order in the words of people: what it waits for and why, what happens next; and where to
// look at it in Stripe's Dashboard. Pure.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// One sentence or two for the order, then one for each of its videos that has something to tell.
// `next_look`: when a worker looks at it by itself; nothing = never. `refunds_stopped`: the breaker
// in front of automatic refunds is open.
std::vector<std::string> words_of(const Claim& claim, std::optional<Time> next_look,
                                  bool refunds_stopped);

struct DashboardLink {
  std::string name;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(DashboardLink, (), (name, url))
std::vector<DashboardLink> dashboard_links(std::string_view session_id, const Claim& claim);

}  // namespace claimcheck
