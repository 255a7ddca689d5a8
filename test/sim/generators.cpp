#include "sim/generators.hpp"

#include "base/json.hpp"
#include "sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace claimcheck::sim {

namespace {

using sandbox::integer_of;
using sandbox::Object;
using sandbox::text_of;
using sandbox::Value;

constexpr std::string_view superduperai_path = "/api/v1/file/generate-video";
constexpr std::string_view replicate_path = "/replicate/v1/models/google/veo-3/predictions";
constexpr std::string_view fal_path = "/fal/fal-ai/veo3";
constexpr const char* replicate_model = "google/veo-3";
constexpr const char* fal_model = "fal-ai/veo3";
// After the end of a job; it ends at the earliest when it begins.
constexpr Duration replicate_keeps = std::chrono::hours(1);

// The judge recognises a job by its seed.
std::vector<ModelOptions> seeded(const char* model) {
  ModelOptions options;
  options.name = model;
  options.input = {{"prompt", "{prompt}"}, {"seed", "{seed}"}};
  return {std::move(options)};
}

// As Replicate and fal refuse the inputs of a submit.
constexpr const char* fal_refuses_inputs =
    R"({"status":422,"headers":{"content-type":"application/json"},)"
    R"("body":{"detail":[{"type":"string_too_long","msg":"too long"}]}})";
constexpr const char* fal_refuses_content =
    R"({"status":422,"headers":{"content-type":"application/json"},)"
    R"("body":{"detail":[{"type":"content_policy_violation","msg":"no"}]}})";

}  // namespace

std::vector<GeneratorOptions> all_generators(GeneratorCapacity capacity) {
  std::vector<GeneratorOptions> all = {{.name = "superduperai",
                                        .url = "http://generator",
                                        .key = Secret("simulated-token-0123456789abcdef")},
                                       {.name = "replicate",
                                        .kind = GeneratorKind::replicate,
                                        .url = "http://replicate/replicate",
                                        .key = Secret("r8_simulated"),
                                        .models = seeded(replicate_model)},
                                       {.name = "fal",
                                        .kind = GeneratorKind::fal,
                                        .url = "http://fal/fal",
                                        .key = Secret("simulated:key"),
                                        .models = seeded(fal_model)}};
  for (GeneratorOptions& each : all) each.capacity = capacity;
  return all;
}

std::string peer_of(std::string_view generator) {
  return looks_up(generator) ? "http://generator" : fmt::format("http://{}", generator);
}

bool looks_up(std::string_view generator) { return generator == "superduperai"; }

bool is_submit(const HttpRequest& request) {
  return request.method == "POST" && (request.path == superduperai_path ||
                                      request.path == replicate_path || request.path == fal_path);
}

Submission submission_in(const HttpRequest& request) {
  const Result<Value> body = json::parse(request.body);
  const auto inputs_in = [&body](const char* member) {
    const Value* inner = body ? json::find(*body, member) : nullptr;
    return inner != nullptr && inner->is_object() ? inner->get_object() : Object();
  };
  Submission told;
  Object inputs;
  if (request.path == superduperai_path) {
    told.generator = "superduperai";
    inputs = inputs_in("config");
  } else if (request.path == replicate_path) {
    told.generator = "replicate";
    inputs = inputs_in("input");
  } else {
    told.generator = "fal";
    if (body && body->is_object()) inputs = body->get_object();
  }
  told.seed = integer_of(inputs, "seed");
  told.prompt = text_of(inputs, "prompt");
  return told;
}

bool refuses_content(const HttpResponse& answer) {
  return answer.status == 422 && answer.body.find("content_policy_violation") != std::string::npos;
}

bool MadeJob::is(std::string_view handle) const {
  return handle == id || handle.ends_with("/" + id);
}

std::vector<MadeJob> jobs_in(const Object& ledger, Time now) {
  std::vector<MadeJob> jobs;
  for (const Value& value : ledger.at("generations").get_array()) {
    const Object& entry = value.get_object();
    const std::string state = text_of(entry, "state");
    MadeJob job{.id = text_of(entry, "id"), .generator = text_of(entry, "provider")};
    job.seed = integer_of(entry.at("raw_config").get_object(), "seed");
    job.refused = state == "refused";
    constexpr std::array<std::string_view, 4> dead = {"error", "failed", "refused", "cancelled"};
    const std::optional<Time> at = from_iso(text_of(entry, "at"));
    const bool gone =
        job.generator == "replicate" && state == "done" && at && now > *at + replicate_keeps;
    job.lives = !gone && std::ranges::find(dead, state) == dead.end();
    jobs.push_back(std::move(job));
  }
  return jobs;
}

// In a quarter of the worlds the tool names two or three generators. Which worlds, the seed alone
// says: all others draw what they always drew.
void World::choose_generators(std::uint64_t seed) {
  if (seed % 4 != 3) return;
  std::vector<GeneratorChoice> chosen = {
      {.generator = "superduperai", .model = catalog_.default_generator.model},
      {.generator = "replicate", .model = replicate_model},
      {.generator = "fal", .model = fal_model}};
  for (std::size_t i = chosen.size() - 1; i > 0; --i) {
    std::swap(chosen[i], chosen[chance_.below(i + 1)]);
  }
  if (chance_.roll(0.6)) chosen.pop_back();
  catalog_.tools.front().generators = std::move(chosen);
}

// In a third of the worlds each generator takes one or two jobs at once, in some of them only a few
// a minute. By the seed alone.
void World::choose_capacity(std::uint64_t seed) {
  if (seed % 3 != 2) return;
  capacity_.concurrency = 1 + static_cast<std::int64_t>(seed / 3 % 2);
  if (seed % 5 == 0) capacity_.submits_per_minute = 4;
}

// In half of the worlds whose generators tell refused content a buyer may write another prompt. By
// the seed alone, likewise.
void World::choose_edits(std::uint64_t seed) {
  if (seed % 8 != 7) return;
  policy_.prompt_edits_max = 1 + static_cast<std::int64_t>(seed / 8 % 2);
  policy_.prompt_edit_time = std::chrono::minutes(40);
}

// No submit goes out while others have all places, but for what may lose its place: what another
// program or a person has begun, what Redis has forgotten, and an order that nobody works on.
boost::asio::awaitable<void> World::check_places(const Submission& asked) {
  if (capacity_.concurrency == 0 || places_forgotten_) co_return;
  const Result<ClaimPage> page = co_await store_->orders->claims("");
  std::int64_t taken = 0;
  for (const std::string& id : page->session_ids) {
    const Result<Claim> claim = co_await store_->orders->load(id);
    if (!claim || claim->state != OrderState::paid || unindexed_.contains(id)) continue;
    taken += std::ranges::count_if(claim->units, [&](const Unit& unit) {
      const bool here = unit.generator == asked.generator && unit.seed != 0 &&
                        unit.registered != Outcome::deliver && !was_decided_by_operator(unit);
      return here && (unit.state == UnitState::submitting || unit.state == UnitState::running);
    });
  }
  judge_.happened(taken == capacity_.concurrency ? "(generator) all places are taken"
                                                 : "(generator) a place is left");
  if (taken <= capacity_.concurrency) co_return;
  judge_.found(
      fmt::format("{} jobs at {}, which takes {}", taken, asked.generator, capacity_.concurrency));
}

// What may go wrong at Replicate and fal; `rule` draws how often.
void World::add_provider_faults(const AddRule& rule) {
  if (catalog_.tools.front().generators.empty()) return;
  for (const char* const submit : {"POST /replicate/*", "POST /fal/*"}) {
    rule(submit, R"({"task":"error"})");
    rule(submit, R"({"task":"refused"})");
    rule(submit, R"({"task":"never"})");
    rule(submit, R"({"status":402})");
    rule(submit, R"({"status":429})");
    rule(submit, R"({"status":503,"execute":true})");
    rule(submit, R"({"drop":true,"execute":true})");
  }
  rule("POST /replicate/*", R"({"status":422})");
  rule("POST /fal/*", fal_refuses_inputs);
  rule("POST /fal/*", fal_refuses_content);
  rule("GET /replicate/*", R"({"status":502,"html":true})");
  rule("GET /fal/*", R"({"status":502,"html":true})");
}

// The sandbox knows one address of its own; fal is followed only at the configured one.
boost::asio::awaitable<HttpResponse> World::answer_as_fal(HttpRequest request) {
  constexpr std::string_view told = "http://stripe/fal/";
  constexpr std::string_view meant = "http://fal/fal/";
  HttpResponse response = co_await answer_judged(std::move(request));
  for (std::size_t at = response.body.find(told); at != std::string::npos;
       at = response.body.find(told, at + meant.size())) {
    response.body.replace(at, told.size(), meant);
  }
  co_return response;
}

}  // namespace claimcheck::sim
