// The refund breaker in memory: lua/allow_refund.lua, line by line.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr Duration hour = std::chrono::hours(1);
constexpr Duration day = std::chrono::hours(24);

std::string over(const RefundLimits& limits, std::int64_t in_hour, std::int64_t in_day,
                 const Money& amount, std::int64_t delivered) {
  if (in_hour > limits.per_hour) {
    return fmt::format("more than {} refunds in an hour", limits.per_hour);
  }
  if (in_day > limits.per_day) {
    return fmt::format("more than {} refunds in a day", limits.per_day);
  }
  if (amount.amount_minor > limits.amount_per_hour_minor) {
    return fmt::format("more than {} {} (minor units) refunded in an hour",
                       limits.amount_per_hour_minor, amount.currency);
  }
  // Of a few videos one refund would be a large share, and prove nothing.
  const bool counts = in_hour >= limits.share_from;
  if (counts && in_hour * 100 > limits.share_percent * (in_hour + delivered)) {
    return fmt::format("more than {}% of the videos of an hour refunded", limits.share_percent);
  }
  return {};
}

class MemoryRefundGuard final : public InMemory<RefundGuard> {
 public:
  using InMemory::InMemory;

  Async<std::string> allow_refund(std::string unit, Money amount) override {
    if (contents_.refunds.contains(unit)) co_return "";  // a yes stays a yes
    // Open: only a person closes it, so the limits are not even compared.
    if (!contents_.refund_breaker.reason.empty()) co_return contents_.refund_breaker.reason;
    const Time now = clock_.now();
    std::int64_t in_hour = 1;
    std::int64_t in_day = 1;
    Money sum = amount;
    // The counts begin at 1, for this refund. Refunds before a person's release do not count.
    for (const auto& [owner, allowed] : contents_.refunds) {
      if (allowed.when <= contents_.refunds_released || allowed.when <= now - day) continue;
      ++in_day;
      if (allowed.when <= now - hour) continue;
      ++in_hour;
      if (allowed.amount.currency == sum.currency) sum.amount_minor += allowed.amount.amount_minor;
    }
    const auto delivered = std::ranges::count_if(contents_.deliveries,
                                                 [&](Time when) { return when > now - 2 * hour; });
    std::string reason = over(limits_.refunds, in_hour, in_day, sum, delivered);
    if (reason.empty()) {
      contents_.refunds.emplace(std::move(unit),
                                AllowedRefund{.when = now, .amount = std::move(amount)});
    } else {
      contents_.refund_breaker = {.reason = reason, .opened = now};
    }
    co_return reason;
  }

  Async<RefundBreaker> refund_breaker() override { co_return contents_.refund_breaker; }

  Async<bool> release_refunds() override {
    const bool open = !contents_.refund_breaker.reason.empty();
    contents_.refund_breaker = {};
    contents_.refunds_released = clock_.now();
    co_return open;
  }

  Async<void> count_delivery() override {
    contents_.deliveries.push_back(clock_.now());
    const auto old = std::ranges::remove_if(
        contents_.deliveries, [&](Time when) { return when <= clock_.now() - 2 * hour; });
    contents_.deliveries.erase(old.begin(), old.end());
    co_return Result<void>();
  }
};

}  // namespace

std::unique_ptr<RefundGuard> refund_guard_in(MemoryShared& shared) {
  return std::make_unique<MemoryRefundGuard>(shared);
}

}  // namespace claimcheck
