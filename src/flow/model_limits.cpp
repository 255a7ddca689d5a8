#include "flow/model_limits.hpp"

#include "domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
// Beyond the basic plane: two units of UTF-16.
bool begins_pair(char c) { return static_cast<unsigned char>(c) >= 0xF0; }

std::string_view words_of(PromptUnit unit) {
  switch (unit) {
    case PromptUnit::characters: return "characters";
    case PromptUnit::utf16: return "UTF-16 units";
    case PromptUnit::bytes: break;
  }
  return "bytes";
}

}  // namespace

std::int64_t prompt_length(std::string_view prompt, PromptUnit unit) {
  const auto bytes = static_cast<std::int64_t>(prompt.size());
  if (unit == PromptUnit::bytes) return bytes;
  const std::int64_t characters = bytes - std::ranges::count_if(prompt, continues);
  if (unit == PromptUnit::characters) return characters;
  return characters + std::ranges::count_if(prompt, begins_pair);
}

std::optional<std::string> objection_to_prompt(const Generators& generators, const Catalog& catalog,
                                               const Tool& tool, std::string_view styled_prompt) {
  for (const GeneratorChoice& choice : catalog.generators_of(tool)) {
    const GeneratorOptions* options = generators.options(choice.generator);
    const ModelOptions* model = options == nullptr ? nullptr : options->model(choice.model);
    if (model == nullptr || model->prompt_max == 0) continue;
    const std::int64_t length = prompt_length(styled_prompt, model->prompt_unit);
    if (length <= model->prompt_max) continue;
    return fmt::format("the prompt has {} {} as it is sent, and at most {} are possible", length,
                       words_of(model->prompt_unit), model->prompt_max);
  }
  return std::nullopt;
}

}  // namespace claimcheck
