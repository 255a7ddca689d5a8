// The gate of the checkout in memory: lua/gate.lua and lua/decline.lua, line by line.
#include "store/checkout_gate.hpp"

#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// What is used of the bucket after this cost. A moment beyond the burst means that the clock was
// put back.
Duration used_after(Time full, const GateCost& asked, Time now) {
  const Duration left = full - now;
  const bool counts = left >= Duration(0) && left <= asked.burst;
  return (counts ? left : Duration(0)) + std::min(asked.cost, asked.burst);
}

class MemoryCheckoutGate final : public InMemory<CheckoutGate> {
 public:
  using InMemory::InMemory;

  Async<GateAnswer> ask_gate(GateAsk ask) override {
    const Time now = clock_.now();
    if (const auto pause = pause_at(now)) co_return GateAnswer{.wait = {}, .pause = pause};
    std::erase_if(contents_.gate_clients, [now](const auto& entry) {
      return entry.second.checkouts <= now && entry.second.bytes <= now;
    });
    GateBook book;
    if (const auto known = contents_.gate_clients.find(ask.client);
        known != contents_.gate_clients.end()) {
      book = known->second;
    }
    const Duration checkouts = used_after(book.checkouts, ask.checkout, now);
    const Duration bytes = used_after(book.bytes, ask.bytes, now);
    const Duration wait = std::max(checkouts - ask.checkout.burst, bytes - ask.bytes.burst);
    if (wait > Duration(0)) co_return GateAnswer{.wait = wait, .pause = {}};
    contents_.gate_clients[ask.client] = {.checkouts = now + checkouts, .bytes = now + bytes};
    co_return GateAnswer();
  }

  Async<DeclineCounted> count_decline(std::string event, Time happened) override {
    const DeclineLimits& limits = limits_.declines;
    if (limits.declines == 0) co_return DeclineCounted();
    const Time now = clock_.now();
    auto& declines = contents_.declines;
    std::erase_if(declines, [&](const auto& one) { return one.second <= now - limits.window; });
    happened = std::min(happened, now);
    const bool fresh =
        happened > now - limits.window && declines.emplace(std::move(event), happened).second;
    const auto count = static_cast<std::int64_t>(declines.size());
    std::optional<CheckoutPause> pause = pause_at(now);
    const bool by_hand = pause && !pause->automatic();
    if (!fresh || by_hand || count < limits.declines) {
      co_return DeclineCounted{.declines = count, .pauses = false};
    }
    contents_.checkout_pause =
        CheckoutPause{.since = pause ? pause->since : now, .until = now + limits.quiet, .by = {}};
    co_return DeclineCounted{.declines = count, .pauses = !pause};
  }

  Async<std::optional<CheckoutPause>> checkout_pause() override {
    co_return pause_at(clock_.now());
  }

  Async<bool> pause_checkout(std::string by) override {
    const std::optional<CheckoutPause> before = pause_at(clock_.now());
    if (before && !before->automatic()) co_return false;
    contents_.checkout_pause =
        CheckoutPause{.since = before ? before->since : clock_.now(), .until = {}, .by = by};
    co_return true;
  }

  Async<bool> resume_checkout() override {
    const bool paused = pause_at(clock_.now()).has_value();
    contents_.checkout_pause.reset();
    contents_.declines.clear();
    co_return paused;
  }

 private:
  std::optional<CheckoutPause> pause_at(Time now) {
    auto& pause = contents_.checkout_pause;
    if (pause && pause->automatic() && pause->until <= now) pause.reset();
    return pause;
  }
};

}  // namespace

std::unique_ptr<CheckoutGate> checkout_gate_in(MemoryShared& shared) {
  return std::make_unique<MemoryCheckoutGate>(shared);
}

}  // namespace claimcheck
