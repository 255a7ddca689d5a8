// The adapter for OpenRouter against the sandbox's OpenRouter, in one process without a network.
#include "base/json.hpp"
#include "generator/openrouter.hpp"
#include "sandbox/openrouter_api.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

#include <utility>

namespace claimcheck::sandbox {
namespace {

constexpr std::string_view base = "http://sandbox";

HttpRequest request_of(const HttpCall& call) {
  const std::string target = call.url.substr(call.url.find('/', call.url.find("://") + 3));
  return {.method = call.method,
          .target = target,
          .path = target.substr(0, target.find('?')),
          .headers = call.headers,
          .body = call.body};
}

// Hands calls of the adapter to the sandbox, and keeps the sandbox's callbacks.
class Wire final : public HttpClient {
 public:
  OpenRouterApi* api = nullptr;
  Fault next;
  int callback_status = 200;
  std::vector<HttpRequest> callbacks;

  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    if (!call.url.starts_with(base)) {
      callbacks.push_back(request_of(call));
      co_return HttpResponse{.status = callback_status};
    }
    co_return co_await api->answer(request_of(call), std::exchange(next, {}));
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
  OpenRouterApi api{jobs, callbacks, clock};
  openrouter::Client client{
      wire, metrics, run.clock,
      GeneratorOptions{.url = "http://sandbox/openrouter",
                       .key = Secret("sk-or-v1-key"),
                       .callback_secret = Secret(std::string(openrouter_secret))}};

  World() {
    wire.api = &api;
    jobs.set_base_url(std::string(base));
  }
  SubmitAnswer submit(const std::string& task = "", const std::string& model = "google/veo-3.1") {
    wire.next.task = task;
    return run(client.submit({.prompt = "a cat",
                              .model = model,
                              .width = 1280,
                              .height = 720,
                              .duration_s = 8,
                              .callback_url = "http://shop/callback"}));
  }
  PollAnswer poll(const std::string& job) { return run(client.poll({.job = job})); }
  // As a download of this address is answered, with the headers that the adapter gives it.
  int fetch(const std::string& url, const HttpHeaders& headers) {
    HttpCall call;
    call.url = url;
    call.headers = headers;
    if (url.find("/openrouter/") == std::string::npos) {
      return jobs.media_answer(request_of(call)).status;
    }
    return run(wire.send(call)).value().status;
  }
  void pass(Duration length) {
    clock.advance(length);
    agenda.run_due();
    run.io.restart();
    run.io.poll();
  }
};

TEST_CASE("openrouter and its sandbox: a job runs, is ready, tells its cost, and calls back") {
  World world;
  const SubmitAnswer made = world.submit();
  REQUIRE(made.result == SubmitResult::accepted);
  CHECK(world.poll(made.job).result == PollResult::running);
  world.pass(std::chrono::seconds(10));
  const PollAnswer ready = world.poll(made.job);
  CHECK(ready.result == PollResult::ready);
  CHECK_FALSE(ready.needs_key);
  CHECK(ready.expires.has_value());
  CHECK(ready.cost.value().micros == 3'200'000);
  CHECK(world.fetch(ready.url, {}) == 200);
  REQUIRE(world.wire.callbacks.size() == 1);
  const HttpRequest& callback = world.wire.callbacks.front();
  CHECK(world.run(world.client.read_callback(callback)).value() == made.job);
  CHECK(*find_header(callback.headers, "x-openrouter-idempotency-key") == made.job + "-completed");
}

TEST_CASE("openrouter and its sandbox: some videos open with the key only") {
  World world;
  const std::string job = world.submit("", "bytedance/seedance-2.0").job;
  world.pass(std::chrono::seconds(10));
  const PollAnswer ready = world.poll(job);
  CHECK(ready.needs_key);
  CHECK(world.fetch(ready.url, {}) == 401);
  CHECK(world.fetch(ready.url, world.client.headers_for(ready.url)) == 200);
}

TEST_CASE("openrouter and its sandbox: failures and refusals have their causes") {
  World world;
  const std::string failed = world.submit("error").job;
  const std::string refused = world.submit("refused").job;
  const std::string endless = world.submit("never").job;
  world.pass(std::chrono::hours(1));
  CHECK(world.poll(failed).failure == Failure::unknown);
  CHECK(world.poll(refused).result == PollResult::failed);
  CHECK(world.poll(endless).result == PollResult::running);
  CHECK(world.poll("unknown").result == PollResult::missing);
  CHECK(world.submit("", "gone/model").failure == Failure::configuration);
  const auto refusal = [&](int status) {
    world.wire.next.execute = false;
    world.wire.next.answer = HttpResponse{.status = status, .headers = {{"retry-after", "7"}}};
    return world.submit();
  };
  CHECK(refusal(401).failure == Failure::configuration);
  CHECK(refusal(402).failure == Failure::balance);
  CHECK(refusal(403).failure == Failure::content);
  CHECK(refusal(429).retry_after == std::chrono::seconds(7));
  CHECK(refusal(503).failure == Failure::transient);
  CHECK(refusal(500).result == SubmitResult::unclear);
}

TEST_CASE("openrouter and its sandbox: what is left, and which models there are") {
  World world;
  CHECK(world.run(world.client.balance()).value() == 75.0);
  CHECK(world.run(world.client.has_model("google/veo-3.1")).value() == std::optional(true));
  CHECK(world.run(world.client.has_model("gone/model")).value() == std::optional(false));
}

TEST_CASE("a provider's callback is repeated until a 2xx, six times at most, signed anew") {
  World world;
  world.wire.callback_status = 500;
  world.submit();
  world.pass(std::chrono::seconds(10));
  for (int i = 0; i < 10; ++i) world.pass(std::chrono::seconds(16));
  CHECK(world.wire.callbacks.size() == 6);
  world.wire.callbacks.clear();
  world.submit();
  world.pass(std::chrono::seconds(10));
  world.wire.callback_status = 204;
  for (int i = 0; i < 10; ++i) world.pass(std::chrono::seconds(16));
  CHECK(world.wire.callbacks.size() == 2);
  CHECK(world.wire.callbacks.front().body == world.wire.callbacks.back().body);
}

}  // namespace
}  // namespace claimcheck::sandbox
