// How much the generators have to do: jobs that run, videos that wait, and which of them take no
// orders. For /metrics and /ops, which are read every few seconds: one call to Redis for each
// generator with limits.
#pragma once

#include "base/json_described.hpp"
#include "flow/context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// Into the metrics; while Redis does not answer, they keep the last numbers.
boost::asio::awaitable<void> count_lines(Context& context);

// A generator at this moment. Names and order of the members are the contract with the operator's
// page.
struct GeneratorLoad {
  std::string name;
  json::OrNull<std::int64_t> running;  // jobs; null = it has no limits, so they are not counted
  std::int64_t waiting = 0;            // videos, for their turn or until it takes orders again
  json::OrNull<std::string> away;      // why it takes no orders; null = it takes them
  json::OrNull<Time> since;            // likewise
};
BOOST_DESCRIBE_STRUCT(GeneratorLoad, (), (name, running, waiting, away, since))

// Of all, `outages` in the order of Generators::all(). Nothing of a single one without limits: the
// tiles say all of it. Errors: Redis'.
boost::asio::awaitable<Result<std::vector<GeneratorLoad>>> generator_loads(
    Context& context, std::vector<GeneratorOutage> outages);

}  // namespace claimcheck
