#include "flow/generation_calls.hpp"

#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "flow/generator_line.hpp"
#include "flow/order_view.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

bool lists(const std::vector<double>& choices, double wanted) {
  return std::ranges::find(choices, wanted) != choices.end();
}

bool lists(const std::vector<std::string>& choices, const std::string& wanted) {
  return std::ranges::find(choices, wanted) != choices.end();
}

// Why no video can be generated from this session value; empty = it can. Other writers can change
// the value until the first submit, so it is compared with what the tool sells.
std::string objection(const Tool* tool, const SessionData& session) {
  if (tool == nullptr) return "its tool is no longer configured";
  if (!lists(tool->durations, session.duration)) return "its duration is not for sale";
  if (!lists(tool->resolutions, session.resolution)) return "its resolution is not for sale";
  return {};
}

Unpreparable lost(std::size_t unit, std::string why) {
  return {.unit = unit, .reason = std::move(why), .lost = true};
}

// The generator takes no orders from anybody: this one waits with all others.
Submitted paused(std::size_t unit, Duration wait) {
  return {.unit = unit,
          .result = SubmitResult::paused,
          .reason = "the generator takes no orders",
          .retry_after = wait};
}

// The generator makes as many as it may: this one waits for its turn.
Submitted queued(std::size_t unit, Duration wait) {
  return {.unit = unit,
          .result = SubmitResult::queued,
          .reason = "others are first at the generator",
          .retry_after = wait};
}

}  // namespace

// May the unit be submitted now? While the generator is away, all orders wait here by the time of
// their payment.
Async<std::optional<Submitted>> GenerationCalls::ask_generator(std::size_t unit, SubmitAsk ask) {
  const std::optional<GeneratorChoice> choice = order_.choice(unit);
  // Without a tool nothing can be chosen: prepare() finds that too, and says it.
  if (!choice) co_return std::optional<Submitted>();
  WaitingUnit asked = unit_in_line(order_, unit, choice->generator);
  Result<SubmitLeave> leave =
      co_await order_.context.store.generator->ask_generator(std::move(asked), ask);
  if (!leave) co_return fail(leave);
  if (leave->wait > Duration(0)) {
    Submitted wait = leave->queued ? queued(unit, leave->wait) : paused(unit, leave->wait);
    wait.generator = choice->generator;
    wait.next = order_.next_generator(unit);
    wait.away_for = leave->away_for;
    co_await wake_next(order_.context, std::move(leave->wake));
    co_return wait;
  }
  // While the generator is away, one order at a time tries. All others wait until its answer is
  // reported.
  if (ask == SubmitAsk::submitting) breaker_waits_ = leave->report;
  co_return std::optional<Submitted>();
}

Async<std::optional<Submitted>> GenerationCalls::pause_before_submit(std::size_t unit) {
  // A unit that buys no generation does not wait for the generator.
  if (!order_.may_submit(unit)) co_return std::optional<Submitted>();
  co_return co_await ask_generator(unit, SubmitAsk::looking);
}

Async<void> GenerationCalls::load_prompt() {
  const Result<SessionBytes> stored =
      co_await order_.context.store.sessions->read_session(order_.id);
  if (!stored) co_return fail(stored);
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return fail(session);
  const Tool* tool = order_.context.catalog.tool(order_.claim.tool);
  if (tool == nullptr) co_return fail(Errc::unreadable, "its tool is no longer configured");
  if (!session->prompt.empty()) prompt_ = styled_prompt(*tool, session->prompt, session->style);
  prompt_digest_ = stored->digest;
  co_return Result<void>();
}

boost::asio::awaitable<Seen> GenerationCalls::prepare(std::size_t unit) {
  Result<SessionBytes> stored = co_await order_.session();
  Seen seen = co_await prepare_from(unit, std::move(stored));
  if (!order_.written || !seen || !std::holds_alternative<Unpreparable>(*seen)) co_return seen;
  // An intent is fenced by the value's digest, this end by nothing: another program may have
  // replaced what this pass wrote.
  stored = co_await order_.context.store.sessions->read_session(order_.id);
  co_return co_await prepare_from(unit, std::move(stored));
}

boost::asio::awaitable<Seen> GenerationCalls::prepare_from(std::size_t unit,
                                                           Result<SessionBytes> stored) {
  if (!stored && stored.error().code == Errc::not_found) {
    co_return lost(unit, "its data is gone from Redis");
  }
  if (!stored) co_return std::nullopt;
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return lost(unit, "its data is unreadable: " + session.error().message);
  // Before anything is bought: a video that is there already is taken over instead.
  if (std::string file = foreign_file(*session, order_.claim, unit); !file.empty()) {
    Seen taken = co_await take_over(unit, std::move(file));
    if (!taken || !std::holds_alternative<Woken>(*taken)) co_return taken;
  }
  const Tool* tool = order_.context.catalog.tool(order_.claim.tool);
  const bool delivered = order_.claim.units[unit].registered == Outcome::deliver;
  const bool prompt_lost = session->prompt.empty();
  // A unit that the register calls delivered goes on without its prompt: it is looked up and shown,
  // and nothing is bought.
  if (prompt_lost && !delivered) co_return lost(unit, "its prompt is gone");
  std::string why = objection(tool, *session);
  const auto size = parse_resolution(session->resolution);
  if (why.empty() && !size) why = "its resolution is unreadable";
  const std::optional<GeneratorChoice> choice = order_.choice(unit);
  const Unit& waiting = order_.claim.units[unit];
  // Its last submit may have been accepted, so it must not be bought from anybody else.
  if (why.empty() && waiting.doubles > 0 && choice->generator != waiting.generator) {
    why = fmt::format("nobody can tell whether {} has it, and its tool does not name it any more",
                      waiting.generator);
  }
  if (why.empty() && order_.context.generators.find(choice->generator) == nullptr) {
    why = fmt::format("its generator {} is not configured", choice->generator);
  }
  if (!why.empty()) co_return Unpreparable{.unit = unit, .reason = std::move(why)};
  // Last of all checks: a yes counts as a submit, and must not be spent on a unit that cannot be
  // generated.
  if (order_.may_submit(unit)) {
    const auto pause = co_await ask_generator(unit, SubmitAsk::submitting);
    if (!pause) co_return std::nullopt;
    if (*pause) co_return **pause;
  }

  if (!prompt_lost) prompt_ = styled_prompt(*tool, session->prompt, session->style);
  prompt_digest_ = stored->digest;
  log_info("order_prepared", {{"session", order_.id},
                              {"prompt_length", session->prompt.size()},
                              {"videos", order_.claim.units.size()},
                              {"tool", order_.claim.tool}});
  // The digest goes into the claim, the prompt does not: claims hold no personal data.
  Prepared ready;
  ready.unit = unit;
  ready.session_id = order_.id;
  ready.generator = choice->generator;
  ready.model = choice->model;
  ready.width = size->first;
  ready.height = size->second;
  ready.duration_s = session->duration;
  if (!prompt_lost) ready.prompt_sha256 = sha256_hex(prompt_);
  co_return ready;
}

// Another file id is in our place of the session value. Either it is our own, from before a claim
// was lost, or a second program fulfils the same orders. Woken = generate it ourselves.
boost::asio::awaitable<Seen> GenerationCalls::take_over(std::size_t unit, std::string file) {
  const Result<std::string> owner = co_await order_.context.store.jobs->job_owner(file);
  if (!owner && owner.error().code != Errc::not_found) co_return std::nullopt;
  if (!owner || *owner != order_.tag(unit)) {
    log_error("second_fulfiller", {{"session", order_.id}, {"unit", unit}});
  }
  const Generators& all = order_.context.generators;
  std::string name(all.named_in(file));
  std::string handle;
  if (name.empty()) {
    // Other programs of this Redis know one generator only.
    name = order_.context.catalog.default_generator.generator;
  } else {
    // An id of ours, of an order that Redis has forgotten.
    const std::optional<std::string> kept = handle_in(name, file);
    if (!kept) {
      // Only a digest of the job's name is left, so nobody can be asked: it is made once more.
      log_warn("job_forgotten", {{"session", order_.id}, {"unit", unit}});
      order_.context.metrics.count(Counter::units, "possible_double");
      co_return Woken();
    }
    handle = *kept;
  }
  Generator* generator = all.find(name);
  if (generator == nullptr) co_return Woken();
  const PollAnswer answer = co_await generator->poll({.job = handle.empty() ? file : handle});
  if (answer.result == PollResult::unclear)
    co_return paused(unit, order_.context.policy.unclear_wait);
  // The id leads to nothing, so it is overwritten.
  if (answer.result == PollResult::missing) co_return Woken();
  const Result<bool> ours = co_await own(file, unit);
  if (!ours) co_return std::nullopt;
  // Another unit has that video. One video must not count as the delivery of two.
  if (!*ours) co_return Woken();
  co_return Recovered{.unit = unit,
                      .generator = std::move(name),
                      .job = std::move(file),
                      .handle = std::move(handle)};
}

// The same for each repeat of this submit: a provider with client keys makes one job. After an edit
// with its prompt: what Redis forgot may have had another one under the same attempt.
std::string GenerationCalls::key_of(std::size_t index) const {
  constexpr std::size_t digits = 32;
  const Claim& claim = order_.claim;
  std::string name = fmt::format("{}/{}", order_.tag(index), claim.units[index].attempt);
  if (claim.prompt_edits > 0) name += "/" + claim.prompt_sha256;
  return sha256_hex(name).substr(0, digits);
}

GenerationJob GenerationCalls::job_of(std::size_t index) const {
  const Unit& unit = order_.claim.units[index];
  return {.prompt = prompt_,
          .model = unit.model,
          .media = order_.claim.media,
          .seed = unit.seed,
          .key = key_of(index),
          .width = order_.claim.width,
          .height = order_.claim.height,
          .duration_s = order_.claim.duration_s,
          .ordered = from_us(order_.claim.created_us),
          .callback_url = callback_of(unit)};
}

// Where the generator may tell of the end; empty = it tells nothing.
std::string GenerationCalls::callback_of(const Unit& unit) const {
  const Generator* generator = order_.context.generators.find(order_.generator_of(unit));
  if (generator == nullptr || !generator->abilities().calls_back) return {};
  return order_.context.generators.options(order_.generator_of(unit))->callback_url;
}

// Null = it is no longer configured.
Generator* GenerationCalls::generator_of(std::size_t unit) const {
  return order_.context.generators.find(order_.generator_of(order_.claim.units[unit]));
}

// A person must configure it again, or decide otherwise: no look-up and no poll is possible.
Unpreparable GenerationCalls::generator_gone(std::size_t unit) const {
  return {.unit = unit,
          .reason = fmt::format("its generator {} is not configured any more",
                                order_.generator_of(order_.claim.units[unit]))};
}

Async<bool> GenerationCalls::own(std::string job, std::size_t unit) {
  // Redis keeps the first owner of each job. If two units find the same video, only one of them
  // gets it.
  const std::string owner = order_.tag(unit);
  const Result<std::string> owns =
      co_await order_.context.store.jobs->own_job(std::move(job), owner);
  if (!owns) co_return fail(owns);
  failpoint("job.owned");
  co_return *owns == owner;
}

// Reports the answer to a submit. Returns how long nobody is to try. When the store does not
// answer, that costs no more than another try.
boost::asio::awaitable<Duration> GenerationCalls::tell_breaker(std::string generator,
                                                               const SubmitAnswer& answer) {
  const bool clear = answer.result == SubmitResult::refused;
  if (clear || answer.result == SubmitResult::unclear) {
    const Result<GeneratorPause> pause = co_await order_.context.store.generator->generator_refused(
        generator, {.reason = answer.reason, .retry_after = answer.retry_after, .clear = clear});
    if (!pause) co_return answer.retry_after;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(pause->wait);
    if (pause->begins) {
      log_error("generator_away",
                {{"generator", generator}, {"why", answer.reason}, {"wait_s", wait.count()}});
    } else {
      log_warn("generator_refused",
               {{"generator", generator}, {"why", answer.reason}, {"wait_s", wait.count()}});
    }
    co_return pause->wait;
  }
  // A good answer is reported only if Redis waits for it: the usual submit needs no further round
  // trip.
  if (!breaker_waits_) co_return Duration(0);
  const Result<Duration> away =
      co_await order_.context.store.generator->generator_answered(generator);
  if (away && *away > Duration(0)) {
    log_warn("generator_back",
             {{"generator", generator},
              {"away_s", std::chrono::ceil<std::chrono::seconds>(*away).count()}});
  }
  co_return Duration(0);
}

boost::asio::awaitable<Seen> GenerationCalls::submit(std::size_t unit) {
  failpoint("submit.before_call");
  Generator* generator = generator_of(unit);
  if (generator == nullptr) co_return generator_gone(unit);
  GenerationJob job = job_of(unit);
  SubmitAnswer answer = co_await generator->submit(std::move(job));
  failpoint("submit.after_call");
  // Before the job is recorded: other orders wait for this answer, and it counts also if the
  // recording fails.
  const Duration wait =
      co_await tell_breaker(order_.generator_of(order_.claim.units[unit]), answer);
  Submitted seen;
  seen.unit = unit;
  seen.result = answer.result;
  seen.reason = answer.reason;
  seen.retry_after = wait;
  seen.failure = answer.failure;
  seen.generator = order_.generator_of(order_.claim.units[unit]);
  seen.next = order_.next_generator(unit);
  if (answer.result == SubmitResult::accepted) {
    seen.job = file_id(seen.generator, answer.job);
    const Result<bool> ours = co_await own(seen.job, unit);
    if (!ours) co_return std::nullopt;
    // The generator returned a job that another unit owns: the unit must not be delivered from it.
    if (!*ours) seen.result = SubmitResult::taken;
    if (answer.job != seen.job) seen.handle = std::move(answer.job);
  }
  co_return seen;
}

}  // namespace claimcheck
