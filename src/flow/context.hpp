// Context: what every story needs, borrowed from the composition root, which outlives the stories.
// It names everything that a story can touch.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/repeated_lines.hpp"
#include "domain/catalog.hpp"
#include "domain/order_machine.hpp"
#include "generator/generators.hpp"
#include "storage/storage.hpp"
#include "store/store.hpp"
#include "stripe/client.hpp"

#include <string>
#include <vector>

namespace claimcheck {

class Fulfilment;

struct Context {
  Store& store;
  stripe::Client& stripe;
  Generators& generators;
  Clock& clock;
  Metrics& metrics;
  const Catalog& catalog;
  Policy policy;
  RepeatedLines repeated = {};         // log lines that anybody can cause
  std::vector<Channel> channels = {};  // of notifications; empty = none are sent
  Storage* storage = nullptr;          // where results are kept; null = nowhere
  int copies = 0;                      // of results, under way in this process
  std::string public_url = {};         // of this server, for links that buyers get
  Fulfilment* fulfilment = nullptr;    // of this process; null = it takes no orders

  // May a deadline pass? One clock alone does not decide that: Redis', Stripe's and this machine's
  // must agree.
  bool clocks_agree() const { return clock.trusted() && stripe.clocks_agree(); }
};

}  // namespace claimcheck
