#include "flow/order_in_work.hpp"

#include <fmt/format.h>

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
  return policy;
}

}  // namespace

OrderInWork::OrderInWork(Context& of, std::string session_id, Claim loaded)
    : context(of),
      policy(policy_of(of, loaded)),
      id(std::move(session_id)),
      claim(std::move(loaded)) {}

std::string OrderInWork::tag(std::size_t unit) const { return fmt::format("{}/{}", id, unit); }

Money OrderInWork::price_of(std::size_t unit) const {
  return {.amount_minor = unit_price(claim, unit), .currency = claim.currency};
}

bool OrderInWork::may_submit(std::size_t unit) const {
  // The register says `deliver`: the video was made already. It is looked up, never bought again.
  return claim.state == OrderState::paid && claim.units[unit].state == UnitState::waiting &&
         claim.units[unit].registered != Outcome::deliver;
}

}  // namespace claimcheck
