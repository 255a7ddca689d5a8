// The adapter against the sandbox's fal: whatever one of them says, the other must understand.
#include "generator/fal.hpp"
#include "sandbox/fal_api.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

#include <deque>

namespace claimcheck::sandbox {
namespace {

const std::string base = "http://sandbox";
const std::string keys_url = base + "/fal/.well-known/jwks.json";

HttpRequest request_of(const HttpCall& call) {
  const std::string_view rest =
      std::string_view(call.url).substr(call.url.find('/', call.url.find("://") + 3));
  const std::size_t end = std::min(rest.find('?'), rest.size());
  HttpRequest request;
  request.method = call.method;
  request.target = rest;
  request.path = url_decode(rest.substr(0, end), false);
  request.query = rest.substr(std::min(end + 1, rest.size()));
  request.headers = call.headers;
  request.body = call.body;
  return request;
}

struct World final : HttpClient {
  test::Runner run;
  MovableClock clock{run.clock};
  Tasks tasks{run.io.get_executor()};
  Agenda agenda{clock, tasks};
  ProviderJobs jobs{clock, agenda, std::chrono::seconds(10)};
  ProviderCallbacks sender{*this, clock, agenda, tasks};
  FalApi api{jobs, sender, clock};
  Metrics metrics;
  fal::Client client{*this,
                     metrics,
                     run.clock,
                     {.kind = GeneratorKind::fal,
                      .url = base + "/fal",
                      .key = Secret("id:key"),
                      .callback_keys_url = keys_url}};
  Fault fault;
  std::deque<HttpRequest> callbacks;  // what the shop was sent

  World() { jobs.set_base_url(base); }

  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    if (call.url.starts_with(base)) {
      HttpRequest request = request_of(call);
      Fault own = fault;
      co_return co_await api.answer(std::move(request), std::move(own));
    }
    callbacks.push_back(request_of(call));
    co_return HttpResponse{};
  }
  std::string submit(const std::string& model = "fal-ai/veo3/fast") {
    const SubmitAnswer answer = run(client.submit({.prompt = "a cat",
                                                   .model = model,
                                                   .width = 1280,
                                                   .height = 720,
                                                   .duration_s = 8,
                                                   .callback_url = "https://shop/cb"}));
    CHECK(answer.result == SubmitResult::accepted);
    return answer.job;
  }
  PollAnswer poll(const std::string& job) { return run(client.poll({.job = job})); }
  void pass(Duration length) {
    clock.advance(length);
    agenda.run_due();
    run.io.restart();
    run.io.poll();
  }
};

}  // namespace

TEST_CASE("sandbox fal: a job is followed from the submit to its file") {
  World world;
  const std::string job = world.submit();
  CHECK(world.poll(job).result == PollResult::running);
  world.pass(std::chrono::seconds(5));
  CHECK(world.poll(job).result == PollResult::running);
  world.pass(std::chrono::seconds(5));
  const PollAnswer done = world.poll(job);
  CHECK(done.result == PollResult::ready);
  CHECK(done.content_type == "video/mp4");
  CHECK(world.jobs.media_answer(request_of({.url = done.url})).status == 200);
  for (const char* model : {"fal-ai/flux/dev", "fal-ai/stable-audio"}) {
    const std::string other = world.submit(model);
    world.pass(std::chrono::seconds(10));
    CHECK(world.poll(other).result == PollResult::ready);
  }
}

TEST_CASE("sandbox fal: each end of a job is understood") {
  const auto end = [](const std::string& task) {
    World world;
    world.fault.task = task;
    const std::string job = world.submit();
    world.pass(std::chrono::seconds(10));
    return world.poll(job);
  };
  CHECK(end("refused").failure == Failure::content);
  CHECK(end("error").failure == Failure::transient);
  CHECK(end("error").result == PollResult::failed);
  CHECK(end("never").result == PollResult::running);
  World world;
  const std::string job = world.submit();
  CHECK(world.run(world.client.cancel({.job = job})));
  CHECK(world.poll(job).result == PollResult::failed);
  CHECK(world.run(world.client.cancel({.job = job})));
  CHECK_FALSE(world.run(world.client.cancel({.job = "fal-ai/veo3/requests/none"})));
  CHECK(world.poll("fal-ai/veo3/requests/none").result == PollResult::missing);
  CHECK(world.poll("fal-ai/other" + job.substr(job.find("/requests"))).result ==
        PollResult::missing);
}

TEST_CASE("sandbox fal: its callback is signed, and leads to the handle of the submit") {
  World world;
  const std::string job = world.submit();
  world.pass(std::chrono::seconds(10));
  REQUIRE(world.callbacks.size() == 1);
  HttpRequest callback = world.callbacks.front();
  // The sandbox moves its own time alone: it signs with the real one.
  CHECK(world.run(world.client.read_callback(callback)).value() == job);
  callback.body += " ";
  CHECK_FALSE(world.run(world.client.read_callback(callback)));
}

TEST_CASE("sandbox fal: another key is refused, and makes nothing") {
  World world;
  fal::Client stranger(world, world.metrics, world.run.clock,
                       {.url = base + "/fal", .key = Secret("other")});
  const SubmitAnswer answer =
      world.run(stranger.submit({.prompt = "a cat", .model = "fal-ai/veo3"}));
  CHECK(answer.result == SubmitResult::refused);
  CHECK(answer.failure == Failure::configuration);
  CHECK(world.jobs.all().empty());
}

}  // namespace claimcheck::sandbox
