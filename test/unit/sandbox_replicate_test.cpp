// The adapter for Replicate against the sandbox's Replicate, in one process without a network.
#include "base/json.hpp"
#include "generator/replicate.hpp"
#include "sandbox/replicate_api.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck::sandbox {
namespace {

HttpRequest request_of(const HttpCall& call, std::string_view base) {
  std::string path = call.url.substr(base.size());
  return {.method = call.method,
          .target = path,
          .path = path,
          .headers = call.headers,
          .body = call.body};
}

// Hands calls of the adapter to the sandbox, and keeps the sandbox's callbacks.
class Wire final : public HttpClient {
 public:
  ReplicateApi* api = nullptr;
  Fault next;
  std::vector<HttpRequest> callbacks;

  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    constexpr std::string_view base = "http://sandbox";
    if (!call.url.starts_with(base)) {
      callbacks.push_back(request_of(call, "https://shop"));
      co_return HttpResponse{.status = 200};
    }
    co_return co_await api->answer(request_of(call, base), std::exchange(next, {}));
  }
};

struct World {
  test::Runner run;
  Metrics metrics;
  Wire wire;
  MovableClock clock{run.clock};
  Tasks tasks{run.io.get_executor()};
  Agenda agenda{clock, tasks};
  ProviderJobs jobs{clock, agenda, std::chrono::seconds(10)};
  ProviderCallbacks callbacks{wire, clock, agenda, tasks};
  ReplicateApi api{jobs, callbacks, clock};
  replicate::Client client{
      wire, metrics, clock,
      GeneratorOptions{.url = "http://sandbox/replicate",
                       .key = Secret("r8_key"),
                       .callback_secret = Secret(std::string(replicate_secret))}};

  World() {
    wire.api = &api;
    jobs.set_base_url("http://sandbox");
  }
  SubmitAnswer submit(const std::string& task = "") {
    wire.next.task = task;
    return run(client.submit({.prompt = "a cat",
                              .model = "google/veo-3-fast",
                              .width = 1280,
                              .height = 720,
                              .duration_s = 8,
                              .callback_url = "https://shop/callback"}));
  }
  PollAnswer poll(const std::string& job) { return run(client.poll({.job = job})); }
  void pass(Duration length) {
    clock.advance(length);
    agenda.run_due();
    run.io.restart();
    run.io.poll();
  }
};

TEST_CASE("replicate and its sandbox: a job runs, is ready, calls back, and is gone in an hour") {
  World world;
  const SubmitAnswer made = world.submit();
  REQUIRE(made.result == SubmitResult::accepted);
  CHECK(world.poll(made.job).result == PollResult::running);
  world.pass(std::chrono::seconds(10));
  const PollAnswer ready = world.poll(made.job);
  CHECK(ready.result == PollResult::ready);
  CHECK(ready.url.starts_with("http://sandbox/media/jobs/"));
  CHECK_FALSE(ready.needs_key);
  CHECK(ready.expires.has_value());
  REQUIRE(world.wire.callbacks.size() == 1);
  const HttpRequest& callback = world.wire.callbacks.front();
  CHECK(world.run(world.client.read_callback(callback)).value() == made.job);
  world.pass(std::chrono::hours(1));
  CHECK(world.poll(made.job).result == PollResult::missing);
  CHECK(world.run(world.client.read_callback(callback)).error().code == Errc::forbidden);
}

TEST_CASE("replicate and its sandbox: failures and refusals have their causes") {
  World world;
  const std::string failed = world.submit("error").job;
  const std::string refused = world.submit("refused").job;
  const std::string cancelled = world.submit("never").job;
  CHECK(world.run(world.client.cancel({.job = cancelled})).has_value());
  world.pass(std::chrono::seconds(10));
  CHECK(world.poll(failed).failure == Failure::unknown);
  CHECK(world.poll(refused).failure == Failure::content);
  CHECK(world.poll(cancelled).failure == Failure::transient);
  CHECK(world.poll("unknown").result == PollResult::missing);
  const auto refusal = [&](int status) {
    world.wire.next.execute = false;
    world.wire.next.answer = HttpResponse{.status = status};
    return world.submit();
  };
  CHECK(refusal(402).failure == Failure::balance);
  CHECK(refusal(401).failure == Failure::configuration);
  CHECK(refusal(422).result == SubmitResult::rejected);
  CHECK(refusal(429).retry_after == std::chrono::seconds(1));
  CHECK(refusal(500).result == SubmitResult::unclear);
}

TEST_CASE("replicate and its sandbox: models are there or gone") {
  World world;
  CHECK(world.run(world.client.has_model("google/veo-3-fast")).value() == std::optional(true));
  CHECK(world.run(world.client.has_model("google/veo:5c7d")).value() == std::optional(true));
  CHECK(world.run(world.client.has_model("gone/model")).value() == std::optional(false));
}

}  // namespace
}  // namespace claimcheck::sandbox
