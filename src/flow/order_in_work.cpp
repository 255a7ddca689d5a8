#include "flow/order_in_work.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

Policy policy_of(const Context& context, const Claim& claim) {
  Policy policy = context.policy;
  const Tool* tool = context.catalog.tool(claim.tool);
  // A tool may be taken out of the configuration while its orders are open: they go on with the
  // general values.
  if (tool == nullptr) return policy;
  policy.generator_patience = tool->generator_patience.value_or(policy.generator_patience);
  if (tool->further_generations) policy.generations_max = 1 + *tool->further_generations;
  // The slowest of its generators decides for all: a fallback must not be asked too often either.
  for (const GeneratorChoice& choice : context.catalog.generators_of(*tool)) {
    const Generator* generator = context.generators.find(choice.generator);
    if (generator == nullptr) continue;
    policy.poll_min = std::max(policy.poll_min, generator->abilities().poll_min);
  }
  policy.poll_max = std::max(policy.poll_max, policy.poll_min);
  return policy;
}

std::string first_of(const Catalog& catalog, const std::string& slug) {
  const Tool* tool = catalog.tool(slug);
  if (tool == nullptr) return catalog.default_generator.generator;
  return catalog.generators_of(*tool).front().generator;
}

}  // namespace

OrderInWork::OrderInWork(Context& of, std::string session_id, Claim loaded)
    : context(of),
      policy(policy_of(of, loaded)),
      id(std::move(session_id)),
      claim(std::move(loaded)),
      first_generator_(first_of(of.catalog, claim.tool)) {}

std::string OrderInWork::tag(std::size_t unit) const { return fmt::format("{}/{}", id, unit); }

Money OrderInWork::price_of(std::size_t unit) const {
  return {.amount_minor = unit_price(claim, unit), .currency = claim.currency};
}

std::optional<GeneratorChoice> OrderInWork::choice(std::size_t unit) const {
  const Tool* tool = context.catalog.tool(claim.tool);
  if (tool == nullptr) return std::nullopt;
  const std::vector<GeneratorChoice> all = context.catalog.generators_of(*tool);
  const std::string& present = claim.units[unit].generator;
  const auto chosen = std::ranges::find(all, present, &GeneratorChoice::generator);
  // Taken out of the tool's list meanwhile: the order begins with the first one again.
  return chosen == all.end() ? all.front() : *chosen;
}

const std::string& OrderInWork::generator_of(const Unit& unit) const {
  return unit.generator.empty() ? first_generator_ : unit.generator;
}

std::string OrderInWork::next_generator(std::size_t unit) const {
  const Tool* tool = context.catalog.tool(claim.tool);
  if (tool == nullptr) return {};
  const std::vector<GeneratorChoice> all = context.catalog.generators_of(*tool);
  const std::string& present = claim.units[unit].generator;
  auto chosen =
      present.empty() ? all.begin() : std::ranges::find(all, present, &GeneratorChoice::generator);
  if (chosen == all.end() || ++chosen == all.end()) return {};
  return chosen->generator;
}

bool OrderInWork::may_submit(std::size_t unit) const {
  // The register says `deliver`: the video was made already. It is looked up, never bought again.
  return claim.state == OrderState::paid && claim.units[unit].state == UnitState::waiting &&
         claim.units[unit].registered != Outcome::deliver;
}

Async<SessionBytes> OrderInWork::session() const {
  if (written) co_return *written;
  co_return co_await context.store.sessions->read_session(id);
}

}  // namespace claimcheck
