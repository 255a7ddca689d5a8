// The order machine: the payment that is seen, a video that is still made, one that is there.
#include "allocations.hpp"
#include "domain/order_machine.hpp"
#include "unit/support/order_machine.hpp"
#include "values.hpp"

namespace claimcheck::bench {
namespace {

using test::start;

void decide_paid(benchmark::State& state) {
  const Claim claim = test::open_claim(static_cast<std::size_t>(state.range(0)));
  const Observation paid = test::seen(PaymentState::paid);
  measure(state, [&] { return decide(claim, paid, start); });
}
BENCHMARK(decide_paid)->Arg(1)->Arg(3);

void decide_still_running(benchmark::State& state) {
  const Claim claim = running_claim(static_cast<std::size_t>(state.range(0)));
  const Observation running = Polled{.unit = 0, .result = PollResult::running};
  measure(state, [&] { return decide(claim, running, start); });
}
BENCHMARK(decide_still_running)->Arg(1)->Arg(3);

void decide_ready(benchmark::State& state) {
  const Claim claim = running_claim(static_cast<std::size_t>(state.range(0)));
  const Observation ready =
      Polled{.unit = 0, .result = PollResult::ready, .url = "https://v.example/1.mp4"};
  measure(state, [&] { return decide(claim, ready, start); });
}
BENCHMARK(decide_ready)->Arg(1)->Arg(3);

}  // namespace
}  // namespace claimcheck::bench
