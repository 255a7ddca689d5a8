// Stripe's webhook signature, over bodies of a usual and of a large event; two secrets are the time
// in which one replaces the other.
#include "stripe/signature.hpp"

#include "allocations.hpp"
#include "unit/support/order_machine.hpp"

namespace claimcheck::bench {
namespace {

void check_webhook(benchmark::State& state) {
  const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
  const std::vector<Secret> secrets(static_cast<std::size_t>(state.range(1)),
                                    Secret("whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLWJlbmNo"));
  const std::string header = stripe::sign(body, {secrets.back()}, test::start);
  measure(state, [&] { return stripe::check_signature(header, body, secrets, test::start); });
}
BENCHMARK(check_webhook)->Args({3000, 1})->Args({3000, 2})->Args({100'000, 1});

}  // namespace
}  // namespace claimcheck::bench

BENCHMARK_MAIN();
