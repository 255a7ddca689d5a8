#include "flow/leases.hpp"

#include "base/assert.hpp"

#include <utility>
#include <vector>

namespace claimcheck {

bool Leases::begin(const Due& due) {
  const Duration now = clock_.steady();
  const auto [work, anew] = under_way_.try_emplace(due.member, Work{.due = due, .renewed = now});
  if (anew) return true;
  // The new score replaces the old one: only with the newest score can the ack end the lease.
  work->second = {.due = due, .renewed = now, .again = true};
  return false;
}

Leases::Ended Leases::end(const std::string& member) {
  auto work = under_way_.extract(member);
  ENSURE(!work.empty());
  return {.due = std::move(work.mapped().due), .again = work.mapped().again};
}

boost::asio::awaitable<void> Leases::renew() {
  const Duration now = clock_.steady();
  // Names first: while a renewal waits, passes end and the map changes.
  std::vector<std::string> slow;
  for (const auto& [member, work] : under_way_) {
    if (now - work.renewed >= lease_ / 3) slow.push_back(member);
  }
  for (std::string& member : slow) co_await renew(std::move(member));
}

boost::asio::awaitable<void> Leases::renew(std::string member) {
  const auto before = under_way_.find(member);
  if (before == under_way_.end()) co_return;  // it has ended while we waited for another one
  Due due = before->second.due;
  const double score = due.score;
  // Before the call, so that a slow answer does not make the lease look longer than it is.
  const Duration asked = clock_.steady();
  const Result<std::optional<double>> renewed = co_await queue_.renew(std::move(due), lease_);
  const auto work = under_way_.find(member);
  // The pass may have ended during the call, or the member was leased again: then this answer is
  // about an older lease.
  if (!renewed || work == under_way_.end() || work->second.due.score != score) co_return;
  work->second.renewed = asked;
  // Without a new score the member was woken, or is not ours any more: there is nothing to renew.
  if (*renewed) work->second.due.score = **renewed;
}

}  // namespace claimcheck
