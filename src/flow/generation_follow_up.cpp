// What follows a submit: the look-up of one whose answer was lost, and the polls of its job.
#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "flow/generation_calls.hpp"
#include "flow/generator_line.hpp"
#include "flow/result_link.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace claimcheck {

boost::asio::awaitable<Seen> GenerationCalls::look_up(std::size_t unit) {
  co_await keep_place(order_, unit);
  const Result<void> loaded = co_await load_prompt();
  const bool redis_failed =
      !loaded && loaded.error().code != Errc::not_found && loaded.error().code != Errc::unreadable;
  if (redis_failed) co_return std::nullopt;
  LookedUp seen;
  seen.unit = unit;
  // Jobs are recognised by their prompt. Without that very prompt the answer says nothing. The
  // exception is a unit that was delivered and has lost its prompt: its video is shown, if it is
  // found.
  const std::string digest = prompt_.empty() ? "" : sha256_hex(prompt_);
  const bool delivered = order_.claim.units[unit].registered == Outcome::deliver;
  if (!loaded || digest != order_.claim.prompt_sha256 || (digest.empty() && !delivered)) {
    log_warn("look_up_impossible",
             {{"session", order_.id}, {"unit", unit}, {"why", "its prompt is gone"}});
    co_return seen;
  }
  Generator* generator = generator_of(unit);
  if (generator == nullptr) co_return generator_gone(unit);
  if (!generator->abilities().looks_up) {
    seen.result = LookUpResult::impossible;
    const Result<bool> again = co_await may_risk_double(unit);
    if (!again) co_return std::nullopt;
    seen.again = *again;
    co_return seen;
  }
  GenerationJob job = job_of(unit);
  LookUpAnswer answer = co_await generator->look_up(std::move(job));
  seen.result = answer.result;
  // Each of them was paid to the generator: a count that is not 0 is our fault or the generator's.
  if (answer.extras > 0) {
    log_error("extra_generations",
              {{"session", order_.id}, {"unit", unit}, {"extras", answer.extras}});
    for (std::size_t i = 0; i < answer.extras; ++i) {
      order_.context.metrics.count(Counter::units, "extra");
    }
  }
  if (answer.result == LookUpResult::found) {
    seen.job = file_id(order_.generator_of(order_.claim.units[unit]), answer.job);
    const Result<bool> ours = co_await own(seen.job, unit);
    if (!ours) co_return std::nullopt;
    if (!*ours) seen.result = LookUpResult::taken;
    if (answer.job != seen.job) seen.handle = std::move(answer.job);
  }
  co_return seen;
}

Async<bool> GenerationCalls::may_generate_again(std::size_t unit) {
  if (generations_here(order_.claim.units[unit]) >= order_.policy.generations_max) co_return false;
  co_return co_await count_another(unit);
}

// May one more generation be bought today, after the one that failed? Its attempt is part of the
// name: a pass that repeats this question after a crash counts once.
Async<bool> GenerationCalls::count_another(std::size_t unit) {
  const std::int64_t failed = order_.claim.units[unit].attempt;
  Result<bool> allowed = co_await order_.context.store.generator->allow_again(
      fmt::format("{}/{}", order_.tag(unit), failed));
  if (allowed && !*allowed)
    log_warn("no_more_generations", {{"session", order_.id}, {"unit", unit}});
  co_return allowed;
}

// A submit that may have been accepted is repeated: at the worst a second job is paid for, so it
// counts against the same daily limit as further generations.
Async<bool> GenerationCalls::may_risk_double(std::size_t unit) {
  const Unit& asked = order_.claim.units[unit];
  const bool settled =
      order_.context.clock.now() >= from_us(asked.intent_us) + order_.policy.settle_time;
  if (!settled || asked.doubles >= order_.policy.doubles_max) co_return false;
  Result<bool> allowed = co_await order_.context.store.generator->allow_again(
      fmt::format("{}/{}/{}", order_.tag(unit), asked.attempt, asked.doubles + 1));
  if (allowed && *allowed) {
    log_warn("possible_double", {{"session", order_.id}, {"unit", unit}});
    order_.context.metrics.count(Counter::units, "possible_double");
  }
  co_return allowed;
}

// Of a provider that does not say what a job has cost; nothing = it is not configured either.
std::optional<ProviderCost> GenerationCalls::configured_cost(std::size_t index) const {
  const Unit& unit = order_.claim.units[index];
  const GeneratorOptions* options = order_.context.generators.options(order_.generator_of(unit));
  const ModelOptions* model = options == nullptr ? nullptr : options->model(unit.model);
  if (model == nullptr) return std::nullopt;
  const double seconds =
      static_cast<double>(model->cost_per_second_micros) * order_.claim.duration_s;
  const std::int64_t micros = model->cost_per_run_micros + std::llround(seconds);
  if (micros == 0) return std::nullopt;
  return ProviderCost{.micros = micros, .currency = model->cost_currency};
}

boost::asio::awaitable<Seen> GenerationCalls::poll(std::size_t unit) {
  co_await keep_place(order_, unit);
  const std::int64_t seed = order_.claim.units[unit].seed;
  const std::string& name = order_.generator_of(order_.claim.units[unit]);
  Generator* generator = generator_of(unit);
  if (generator == nullptr) co_return generator_gone(unit);
  PollAnswer answer =
      co_await generator->poll({.job = handle_of(order_.claim.units[unit]), .seed = seed});
  failpoint("poll.after_call");
  Polled seen;
  seen.unit = unit;
  seen.result = answer.result;
  // The address is tried before the unit counts as delivered: a generator that says `ready` too
  // early would leave the buyer without a video.
  const bool ready = answer.result == PollResult::ready;
  if (ready && co_await order_.context.generators.lacks_result(name, answer.url)) {
    log_warn("video_not_there", {{"session", order_.id}, {"unit", unit}});
    seen.result = PollResult::no_video;
  }
  // decide() asks nobody, so the limit of further generations is asked for here.
  if (answer.result == PollResult::failed || answer.result == PollResult::missing) {
    const Result<bool> again = co_await may_generate_again(unit);
    if (!again) co_return std::nullopt;
    seen.again = *again;
    seen.next = order_.next_generator(unit);
    if (!*again && !seen.next.empty()) {
      // A generation by somebody else is one more all the same.
      const Result<bool> elsewhere = co_await count_another(unit);
      if (!elsewhere) co_return std::nullopt;
      if (!*elsewhere) seen.next.clear();
    }
  }
  seen.failure = answer.failure;
  seen.reason = std::move(answer.reason);
  seen.cost = answer.cost;
  if (!seen.cost && answer.result == PollResult::ready) seen.cost = configured_cost(unit);
  seen.url = std::move(answer.url);
  seen.own_url =
      result_link(order_.context.public_url, order_.id, order_.claim, unit, answer.content_type);
  seen.thumbnail_url = std::move(answer.thumbnail_url);
  seen.content_type = std::move(answer.content_type);
  seen.url_needs_key = answer.needs_key;
  seen.url_ends = answer.expires;
  co_return seen;
}

}  // namespace claimcheck
