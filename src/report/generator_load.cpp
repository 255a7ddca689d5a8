#include "report/generator_load.hpp"

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

Async<LineState> line_of(Context& context, const GeneratorOptions& generator) {
  return context.store.places->line_state(
      {.generator = generator.name, .unit = {}, .paid = {}, .capacity = generator.capacity});
}

}  // namespace

boost::asio::awaitable<void> count_lines(Context& context) {
  for (const GeneratorOptions& each : context.generators.all()) {
    if (!each.capacity.is_limited()) continue;
    const Result<LineState> line = co_await line_of(context, each);
    if (line) context.metrics.set_generator_load(each.name, line->running, line->waiting);
  }
}

boost::asio::awaitable<Result<std::vector<GeneratorLoad>>> generator_loads(
    Context& context, std::vector<GeneratorOutage> outages) {
  std::vector<GeneratorLoad> loads;
  const auto& all = context.generators.all();
  if (all.size() == 1 && !all.front().capacity.is_limited()) co_return loads;
  for (std::size_t i = 0; i < all.size() && i < outages.size(); ++i) {
    GeneratorLoad load{.name = all[i].name, .running = {}, .waiting = 0, .away = {}, .since = {}};
    if (!outages[i].reason.empty()) {
      load.waiting = outages[i].waiting;
      load.away = std::move(outages[i].reason);
      load.since = outages[i].since;
    }
    if (all[i].capacity.is_limited()) {
      const Result<LineState> line = co_await line_of(context, all[i]);
      if (!line) co_return fail(line);
      load.running = line->running;
      // A video may stand in its line and wait for the end of its outage at once.
      load.waiting = std::max(load.waiting, line->waiting);
    }
    loads.push_back(std::move(load));
  }
  co_return loads;
}

}  // namespace claimcheck
