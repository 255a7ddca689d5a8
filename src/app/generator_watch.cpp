#include "app/generator_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace claimcheck {

namespace {

// Which models the tools use of each generator.
std::map<std::string, std::set<std::string>> models_in_use(const Catalog& catalog) {
  std::map<std::string, std::set<std::string>> models;
  for (const Tool& tool : catalog.tools) {
    for (const GeneratorChoice& choice : catalog.generators_of(tool)) {
      models[choice.generator].insert(choice.model);
    }
  }
  return models;
}

// One condition at all generators: on if it holds at one of them, unknown if none has answered.
struct Together {
  AlertSign sign;
  bool known = false;

  void fine() { known = true; }
  void wrong(std::string why) {
    known = sign.on = true;
    sign.why += (sign.why.empty() ? "" : "; ") + std::move(why);
  }
};

std::string left_words(const std::string& generator, double left, std::optional<Duration> lasts) {
  std::string words = fmt::format("{}: {:g} left", generator, left);
  if (lasts && *lasts < 2 * balance_lasts_least) {
    words += fmt::format(", enough for about {} h",
                         std::chrono::duration_cast<std::chrono::hours>(*lasts).count());
  }
  return words;
}

boost::asio::awaitable<void> look_at_balance(Context& context, std::string name,
                                             Generator& generator, double least, Together& low) {
  const auto left = co_await generator.balance();
  if (!left || !*left) co_return;
  const auto readings = co_await context.store.alerts->note_balance(
      name, {.when = context.clock.now(), .left = **left});
  const std::optional<Duration> lasts =
      readings ? balance_lasts(*readings) : std::optional<Duration>();
  const bool soon = lasts && *lasts < balance_lasts_least;
  if (soon || **left <= least) {
    low.wrong(left_words(name, **left, lasts));
  } else {
    low.fine();
  }
}

boost::asio::awaitable<void> look_at_model(std::string name, std::string model,
                                           Generator& generator, Together& setup) {
  const auto offered = co_await generator.has_model(model);
  const bool refused = !offered && offered.error().code == Errc::forbidden;
  // The built-in generator's token has an alert of its own.
  if (refused && name != built_in_generator) setup.wrong(name + " refuses its key");
  if (!offered || !*offered) co_return;
  if (**offered) {
    setup.fine();
  } else {
    setup.wrong(fmt::format("{} has no {} any more", name, model));
  }
}

}  // namespace

boost::asio::awaitable<std::vector<AlertSign>> look_at_generators(Context& context,
                                                                  std::int64_t balance_low) {
  Together low{.sign = {.kind = AlertKind::balance_low, .why = {}}};
  Together setup{.sign = {.kind = AlertKind::generator_setup, .why = {}}};
  for (const auto& [name, models] : models_in_use(context.catalog)) {
    Generator* generator = context.generators.find(name);
    if (generator == nullptr) continue;
    const bool is_default = name == context.catalog.default_generator.generator;
    co_await look_at_balance(context, name, *generator,
                             is_default ? static_cast<double>(balance_low) : 0, low);
    for (const std::string& model : models) {
      co_await look_at_model(name, model, *generator, setup);
    }
  }
  std::vector<AlertSign> signs;
  if (low.known) signs.push_back(std::move(low.sign));
  if (setup.known) signs.push_back(std::move(setup.sign));
  co_return signs;
}

}  // namespace claimcheck
