// The sandbox's GPU server, asked by the adapter as docs/generators/http.md describes it.
#include "base/json.hpp"
#include "generator/http_generator.hpp"
#include "generator/standard_webhooks.hpp"
#include "sandbox/gpu_api.hpp"
#include "sandbox/sandbox.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

using namespace claimcheck;
using std::chrono::seconds;

namespace {

// The sandbox without a network. What it sends elsewhere, its callbacks, is kept.
class Inside final : public HttpClient {
 public:
  sandbox::Sandbox* sandbox = nullptr;
  std::vector<HttpCall> callbacks;
  int callback_status = 200;

  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override {
    constexpr std::string_view base = "http://sandbox";
    if (!call.url.starts_with(base)) {
      callbacks.push_back(std::move(call));
      co_return HttpResponse{.status = callback_status};
    }
    HttpRequest request;
    request.method = call.method;
    request.target = call.url.substr(base.size());
    const std::size_t mark = std::min(request.target.find('?'), request.target.size());
    request.path = url_decode(request.target.substr(0, mark), false);
    if (mark < request.target.size()) request.query = request.target.substr(mark + 1);
    request.headers = call.headers;
    request.body = call.body;
    co_return co_await sandbox->answer(std::move(request));
  }
};

// The first example of docs/generators/http.md, at the sandbox.
GeneratorOptions documented() {
  GeneratorOptions options{.name = "gpu",
                           .kind = GeneratorKind::http,
                           .url = "http://sandbox/gpu",
                           .key = Secret(std::string(sandbox::gpu_key)),
                           .callback_secret = Secret(std::string(sandbox::gpu_callback_secret))};
  HttpGeneratorOptions& http = options.http;
  http.submit_path = "/jobs";
  http.poll_path = "/jobs/{job}";
  http.cancel_path = "/jobs/{job}";
  http.repeat_is_safe = true;
  http.submit_headers = {{"Idempotency-Key", "{key}"}};
  http.body = {{"model", "{model}"},
               {"prompt", "{prompt}"},
               {"seconds", "{duration}"},
               {"size", {{"width", "{width}"}, {"height", "{height}"}}},
               {"callback_url", "{callback}"}};
  http.url_pointer = "/file";
  http.content_type_pointer = "/content_type";
  http.error_pointer = "/error/message";
  http.error_code_pointer = "/error/code";
  http.failed = {"failed", "cancelled"};
  http.refused_content = {"refused", "content_policy"};
  http.bad_input = {"bad_input"};
  http.callback_id_pointer = "/job/id";
  http.result_needs_key = true;
  return options;
}

struct World {
  test::Runner run;
  Tasks tasks{run.io.get_executor()};
  Inside http;
  Metrics metrics;
  GeneratorOptions options;
  std::unique_ptr<sandbox::Sandbox> sandbox;
  http_generator::Client client;

  explicit World(const std::string& faults = "", GeneratorOptions given = documented())
      : options(std::move(given)),
        sandbox(sandbox::Sandbox::make(run.clock, http, tasks, {.faults = faults}).value()),
        client(http, metrics, run.clock, options) {
    http.sandbox = sandbox.get();
    sandbox->set_url("http://sandbox");
  }

  GenerationJob job(const std::string& prompt = "a cat") const {
    return {.prompt = prompt,
            .model = std::string(sandbox::gpu_video_model),
            .key = "0123456789abcdef",
            .width = 1280,
            .height = 720,
            .duration_s = 5,
            .ordered = run.clock.now(),
            .callback_url = "https://shop/callbacks/gpu"};
  }
  void pass(Duration length) {
    const auto wait = [](Clock& clock, Duration time) -> boost::asio::awaitable<bool> {
      co_await clock.sleep(time);
      co_return true;
    };
    run(wait(run.clock, length));
  }
  PollAnswer poll(const std::string& id) { return run(client.poll({.job = id})); }
  HttpResponse get(const std::string& url, HttpHeaders headers = {}) {
    return run(http.send({.url = url, .headers = std::move(headers)})).value();
  }
  std::size_t generations() {
    const std::string ledger = get("http://sandbox/sandbox/ledger?only=generations").body;
    return json::parse(ledger).value().at("generations").get_array().size();
  }
};

std::string fault(const std::string& action) {
  return R"([{"match":"POST /gpu/jobs","action":)" + action + "}]";
}

}  // namespace

TEST_CASE("sandbox gpu: the documented description has nothing wrong") {
  CHECK(check_http_options(documented().http).empty());
}

TEST_CASE("sandbox gpu: a job is made, its file needs the key, and a signed callback tells of it") {
  World world;
  const SubmitAnswer submitted = world.run(world.client.submit(world.job()));
  REQUIRE(submitted.result == SubmitResult::accepted);
  CHECK(world.poll(submitted.job).result == PollResult::running);
  world.pass(seconds(1));
  CHECK(world.poll(submitted.job).result == PollResult::running);
  CHECK(world.http.callbacks.empty());
  world.pass(seconds(1));
  const PollAnswer ready = world.poll(submitted.job);
  CHECK(ready.result == PollResult::ready);
  CHECK(ready.url.starts_with("http://sandbox/media/jobs/"));
  CHECK(ready.content_type == "video/mp4");
  CHECK(ready.needs_key);
  CHECK(world.get(ready.url).status == 401);
  CHECK(world.get(ready.url, world.client.headers_for(ready.url)).status == 200);

  REQUIRE(world.http.callbacks.size() == 1);
  HttpCall& told = world.http.callbacks[0];
  CHECK(told.url == "https://shop/callbacks/gpu");
  const HttpRequest callback{.method = "POST", .headers = told.headers, .body = told.body};
  CHECK(world.run(world.client.read_callback(callback)).value() == submitted.job);
  CHECK(world.generations() == 1);
}

TEST_CASE("sandbox gpu: a callback without a 2xx comes again under the same id") {
  World world;
  world.http.callback_status = 503;
  world.run(world.client.submit(world.job()));
  world.pass(seconds(4));
  REQUIRE(world.http.callbacks.size() >= 2);
  CHECK(*find_header(world.http.callbacks[0].headers, "webhook-id") ==
        *find_header(world.http.callbacks[1].headers, "webhook-id"));
}

TEST_CASE("sandbox gpu: a lost answer is found by the same key, and nothing is made twice") {
  World world(fault(R"({"status":502,"execute":true})"));
  CHECK(world.run(world.client.submit(world.job())).result == SubmitResult::unclear);
  const LookUpAnswer found = world.run(world.client.look_up(world.job()));
  CHECK(found.result == LookUpResult::found);
  CHECK(world.run(world.client.submit(world.job())).job == found.job);
  // The key belongs to other inputs.
  CHECK(world.run(world.client.submit(world.job("a dog"))).result == SubmitResult::unclear);
  CHECK(world.generations() == 1);
}

TEST_CASE("sandbox gpu: the list by key is fit for a look-up that repeats nothing") {
  GeneratorOptions options = documented();
  options.http.look_up_path = "/jobs?key={key}";
  options.http.look_up_pointer = "/jobs";
  options.http.look_up_match_pointer = "/key";
  CHECK(check_http_options(options.http).empty());
  World world("", options);
  CHECK(world.run(world.client.look_up(world.job())).result == LookUpResult::none);
  CHECK(world.generations() == 0);
  const SubmitAnswer submitted = world.run(world.client.submit(world.job()));
  CHECK(world.run(world.client.look_up(world.job())).job == submitted.job);
}

TEST_CASE("sandbox gpu: each end of a job has its failure") {
  const auto end = [](const std::string& task) {
    World world(fault(R"({"task":")" + task + "\"}"));
    const std::string id = world.run(world.client.submit(world.job())).job;
    world.pass(seconds(2));
    return world.poll(id);
  };
  CHECK(end("refused").failure == Failure::content);
  CHECK(end("refused").result == PollResult::failed);
  CHECK(end("error").failure == Failure::unknown);
  CHECK(end("error").reason == "the generator reported an error: out_of_memory");
  CHECK(end("never").result == PollResult::running);
}

TEST_CASE("sandbox gpu: each refusal of a submit has its failure") {
  World world;
  GenerationJob job = world.job("");
  CHECK(world.run(world.client.submit(job)).failure == Failure::input);
  job = world.job();
  job.model = "unknown";
  CHECK(world.run(world.client.submit(job)).failure == Failure::configuration);
  GeneratorOptions wrong_key = documented();
  wrong_key.key = Secret("wrong");
  World locked("", wrong_key);
  CHECK(locked.run(locked.client.submit(locked.job())).failure == Failure::configuration);
  World busy(fault(R"({"status":429,"headers":{"retry-after":"7"}})"));
  const SubmitAnswer later = busy.run(busy.client.submit(busy.job()));
  CHECK(later.failure == Failure::throttled);
  CHECK(later.retry_after == seconds(7));
  CHECK(world.generations() + locked.generations() + busy.generations() == 0);
}

TEST_CASE("sandbox gpu: a job is cancelled until it has ended, and an unknown one is missing") {
  World world;
  const std::string id = world.run(world.client.submit(world.job())).job;
  CHECK(world.run(world.client.cancel({.job = id})));
  CHECK(world.poll(id).result == PollResult::failed);
  CHECK(world.run(world.client.cancel({.job = id})));
  CHECK(world.poll("gpu_unknown").result == PollResult::missing);
}
