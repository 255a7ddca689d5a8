#include "sim/process.hpp"

#include "flow/clocks.hpp"
#include "sim/generators.hpp"

namespace claimcheck::sim {

namespace {

ApiOptions api_options() {
  ApiOptions options;
  options.webhook_secrets = {Secret("whsec_sim")};
  options.operators = {{.name = std::string(unnamed_operator),
                        .role = Role::act,
                        .token = Secret("operator-of-the-simulation")}};
  options.checkout_limits.checkouts = {.burst = 1e6, .per_second = 1e6};
  return options;
}

stripe::Options stripe_options(Chance& chance, StripePace& pace) {
  return {.url = "http://stripe",
          .key = Secret("sk_test_sim"),
          .jitter_seed = chance.below(1000),
          .pacing = pace.pacing()};
}

// Waking up less often than a real one changes nothing but the speed of the simulation.
constexpr FulfilmentLimits limits = {.idle_wait = std::chrono::seconds(5),
                                     .failed_wait = std::chrono::seconds(3)};

}  // namespace

Process::Process(ProcessParts parts)
    : crash_point_(parts.executor, parts.chance, parts.crash),
      machine_(parts.clock, crash_point_),
      clock_(machine_),
      http_(parts.network, crash_point_),
      store_(
          {parts.store, crash_point_, parts.clock, parts.chance, parts.store_faults, parts.judge}),
      stripe_pace_(*store_.pace, clock_, {.calls_per_second = parts.stripe_calls_per_second}),
      stripe_(http_, clock_, metrics_, stripe_options(parts.chance, stripe_pace_)),
      generators_(http_, metrics_, clock_, all_generators(parts.capacity)),
      storage_(http_, clock_, {.url = "http://bucket", .key = {.id = "sim"}}),
      context_{store_,       stripe_, generators_,       clock_, metrics_, parts.catalog,
               parts.policy, {},      {Channel::webhook}},
      checkout_(context_, {.urls = {.success = "https://shop/{CHECKOUT_SESSION_ID}",
                                    .cancel = "https://shop/"},
                           .session = parts.payment_page}),
      visits_(context_),
      shown_(parts.executor, *store_.sessions, {}),
      events_(parts.executor, shown_, visits_),
      statistics_(context_),
      prices_(context_),
      orders_by_mail_(context_, parts.executor, {}),
      api_(context_, checkout_, visits_, shown_, events_, statistics_, prices_, orders_by_mail_,
           api_options()),
      tasks_(parts.executor),
      fulfilment_(context_, tasks_, limits),
      reconcile_(context_) {
  context_.public_url = "http://shop";
  if (parts.keeps_results) context_.storage = &storage_;
  clock_.follow(parts.clock.now() + parts.ahead);
  tasks_.start(fulfilment_.run());
  tasks_.start(reconcile_.run());
  tasks_.start(compare_clocks(context_, [this] { clock_.confirm(); }));
}

boost::asio::awaitable<HttpResponse> Process::answer(HttpRequest request) {
  HttpResponse response = co_await api_.handle(std::move(request));
  co_await crash_point_.pass();
  co_return response;
}

}  // namespace claimcheck::sim
