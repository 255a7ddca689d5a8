// Context: what every story needs, borrowed from the composition root, which outlives them all. The
// one place to look for what a story can touch.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/repeated_lines.hpp"
#include "domain/catalog.hpp"
#include "domain/order_machine.hpp"
#include "generator/superduperai.hpp"
#include "store/store.hpp"
#include "stripe/client.hpp"

#include <string>
#include <vector>

namespace claimcheck {

struct Context {
  Store& store;
  stripe::Client& stripe;
  superduperai::Client& generator;
  Clock& clock;
  Metrics& metrics;
  const Catalog& catalog;
  std::string model;  // of tools that name none
  Policy policy;
  RepeatedLines repeated = {};         // what strangers cause in the log
  std::vector<Channel> channels = {};  // on which news of orders go out; empty = they do not

  // May a deadline pass? Not on one clock alone: Redis', Stripe's and this machine's must agree.
  bool clocks_agree() const { return clock.trusted() && stripe.clocks_agree(); }
};

}  // namespace claimcheck
