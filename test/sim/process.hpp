// Process: one claimcheck as it runs in production, its real API, stories and worker, on the
// simulated seams. It can be crashed at any moment; its remains are kept until the world ends,
// since what it had under way still points into it.
#pragma once

#include "api/api.hpp"
#include "base/tasks.hpp"
#include "flow/fulfilment.hpp"
#include "flow/reconcile.hpp"
#include "flow/stripe_pace.hpp"
#include "sim/fake_network.hpp"
#include "sim/faulty_store.hpp"

namespace claimcheck::sim {

struct ProcessParts {
  boost::asio::any_io_executor executor;
  ManualClock& clock;
  Chance& chance;
  FakeNetwork& network;
  MemoryStore& store;
  const StoreFaults& store_faults;
  const double& crash;
  Judge& judge;
  const Catalog& catalog;
  Policy policy;
  const SessionOptionsByTool& payment_page;
  bool keeps_results = false;  // in http://bucket
  GeneratorCapacity capacity;
  std::int64_t stripe_calls_per_second = 20;
  Duration ahead{0};  // how wrong it knows Redis' time
};

class Process {
 public:
  explicit Process(ProcessParts parts);

  bool dead() const { return crash_point_.dead(); }
  void crash() { crash_point_.crash(); }
  void step_clock(Duration length) { machine_.step(length); }
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request);

 private:
  CrashPoint crash_point_;
  ProcessClock machine_;
  FollowingClock clock_;
  ProcessClient http_;
  FaultyStore store_;
  Metrics metrics_;
  StripePace stripe_pace_;
  stripe::Client stripe_;
  Generators generators_;
  Storage storage_;
  Context context_;
  Checkout checkout_;
  Visits visits_;
  StatusCache shown_;   // nothing is announced here, so each question reads
  OrderEvents events_;  // nobody follows here: real time is none of this world's
  Statistics statistics_;
  PriceList prices_;
  OrdersByMail orders_by_mail_;
  Api api_;
  Tasks tasks_;
  Fulfilment fulfilment_;
  Reconcile reconcile_;
};

}  // namespace claimcheck::sim
