// What the models of a tool can take, asked before a payment: an order that no generator of its
// tool can make must not be paid for. The longest prompt counts for every generator of the tool,
// since any of them may have to make it. Pure.
#pragma once

#include "domain/catalog.hpp"
#include "generator/generators.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

// How long the prompt is, as that unit counts.
std::int64_t prompt_length(std::string_view prompt, PromptUnit unit);

// Why the prompt, as it would be sent, is too long; nothing = it is not. A sentence for the caller
// that names neither provider nor model.
std::optional<std::string> objection_to_prompt(const Generators& generators, const Catalog& catalog,
                                               const Tool& tool, std::string_view styled_prompt);

}  // namespace claimcheck
