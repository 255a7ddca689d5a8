// OpenRouter's documented answers, each with the verdict it must get, and the requests as they are
// documented. The callbacks were signed by Node's crypto, at 1790000000.
#include "base/json.hpp"
#include "base/log.hpp"
#include "generator/openrouter.hpp"
#include "support/child.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>

namespace claimcheck::openrouter {
namespace {

constexpr const char* id = "gen-vid-1790000000-AbCdEfGhIjKlMnOpQrSt";
constexpr const char* base = "https://openrouter.test";

GenerationJob job() {
  return {.prompt = "a\xF0\x9F\x8E\xAC \"b\"",
          .model = "google/veo-3.1",
          .seed = 42,
          .key = "0123456789abcdef0123456789abcdef",
          .width = 1080,
          .height = 1920,
          .duration_s = 8};
}

GeneratorOptions options() {
  return {.name = "openrouter",
          .kind = GeneratorKind::openrouter,
          .url = base,
          .key = Secret("sk-or-v1-key"),
          .callback_secret = Secret("or_secret_0123456789abcdef")};
}

struct World {
  test::ScriptedClient http;
  test::Runner run;
  Metrics metrics;
  Client client;
  explicit World(GeneratorOptions given = options())
      : client(http, metrics, run.clock, std::move(given)) {}
};

HttpResponse answer(int status, const std::string& body) {
  return {.status = status, .body = body};
}

std::string with_id(const std::string& rest) {
  return std::string(R"({"id":")") + id + "\"," + rest + "}";
}

std::string error(int code, const std::string& more = "") {
  return R"({"error":{"code":)" + std::to_string(code) + R"(,"message":"…")" + more + "}}";
}

PollAnswer polled(const std::string& rest) {
  return read_poll(answer(200, with_id(rest)), id, base);
}

const std::string accepted = R"("polling_url":"/api/v1/videos/x","status":"pending")";

TEST_CASE("openrouter: a submit is one request with the model and its inputs") {
  World world;
  GenerationJob wanted = job();
  wanted.callback_url = "https://shop.test/api/callbacks/openrouter";
  world.http.answers = {answer(202, with_id(accepted))};
  const SubmitAnswer told = world.run(world.client.submit(wanted));
  CHECK(told.result == SubmitResult::accepted);
  CHECK(told.job == id);
  const HttpCall& call = world.http.calls.at(0);
  CHECK(call.method == "POST");
  CHECK(call.url == "https://openrouter.test/api/v1/videos");
  CHECK(*find_header(call.headers, "authorization") == "Bearer sk-or-v1-key");
  CHECK(*find_header(call.headers, "content-type") == "application/json");
  CHECK(call.send_once);
  CHECK(json::parse(call.body).value() ==
        json::parse(R"({"model":"google/veo-3.1","prompt":"a🎬 \"b\"","duration":8,)"
                    R"("aspect_ratio":"9:16","resolution":"1080p",)"
                    R"("callback_url":"https://shop.test/api/callbacks/openrouter"})")
            .value());
}

TEST_CASE("openrouter: a model's own inputs replace the usual ones") {
  GeneratorOptions own = options();
  own.models = {
      {.name = "google/veo-3.1", .input = {{"prompt", "{prompt}"}, {"size", "{resolution}"}}}};
  CHECK(
      submit_body(job(), own) ==
      json::parse(R"({"model":"google/veo-3.1","prompt":"a🎬 \"b\"","size":"1080x1920"})").value());
}

TEST_CASE("openrouter: no callback is asked for that it would refuse, or nobody could verify") {
  const auto body_of = [](const GeneratorOptions& given, const char* callback) {
    World world(given);
    GenerationJob wanted = job();
    wanted.callback_url = callback;
    world.http.answers = {answer(202, with_id(accepted))};
    CHECK(world.run(world.client.submit(wanted)).result == SubmitResult::accepted);
    return world.http.calls.at(0).body;
  };
  CHECK(body_of(options(), "http://shop.test/x").find("callback_url") == std::string::npos);
  GeneratorOptions plain = options();
  plain.url = "http://127.0.0.1:4242/openrouter";
  CHECK(body_of(plain, "http://127.0.0.1/x").find("callback_url") != std::string::npos);
  for (const char* weak : {"", ",", "short"}) {
    GeneratorOptions own = options();
    own.callback_secret = Secret(weak);
    CHECK(body_of(own, "https://shop.test/x").find("callback_url") == std::string::npos);
    World world(own);
    CHECK_FALSE(world.client.abilities().calls_back);
    CHECK(world.run(world.client.read_callback({})).error().code == Errc::unavailable);
  }
}

TEST_CASE("openrouter: images and sound are not asked of it") {
  for (const MediaKind media : {MediaKind::image, MediaKind::audio}) {
    World world;
    GenerationJob wanted = job();
    wanted.media = media;
    const SubmitAnswer told = world.run(world.client.submit(wanted));
    CHECK(told.result == SubmitResult::refused);
    CHECK(told.failure == Failure::configuration);
    CHECK(world.http.calls.empty());
  }
}

struct SubmitCase {
  int status;
  std::string body;
  SubmitResult result;
  Failure failure = Failure::none;
};

TEST_CASE("openrouter: every answer to a submit has its verdict") {
  constexpr auto refused = SubmitResult::refused;
  constexpr auto rejected = SubmitResult::rejected;
  constexpr auto unclear = SubmitResult::unclear;
  const std::vector<SubmitCase> cases = {
      {202, R"({"id":"gen-vid-1-a","polling_url":"/x","status":"pending"})",
       SubmitResult::accepted},
      {200, R"({"id":"job-abc123","status":"failed","error":"x"})", SubmitResult::accepted},
      {401, error(401), refused, Failure::configuration},
      {402, error(402), refused, Failure::balance},
      {402, "<html>", refused, Failure::balance},
      {403, error(403), refused, Failure::configuration},
      {403, "<html>", refused, Failure::configuration},
      {403, error(403, R"(,"metadata":{"reasons":["violence"],"flagged_input":"x"})"), rejected,
       Failure::content},
      {403, error(403, R"(,"metadata":{"flagged_input":"x"})"), rejected, Failure::content},
      {403, error(403, R"(,"metadata":{"provider_name":"x"})"), refused, Failure::configuration},
      {429, error(429), refused, Failure::throttled},
      {400, error(400), rejected, Failure::input},
      {413, error(413), rejected, Failure::input},
      {404, error(404), refused, Failure::configuration},
      {503, error(503), refused, Failure::transient},
      // Gateways, and words that do not say whether a job was made.
      {400, "<html>", unclear},
      {400, "{}", unclear},
      {400, error(502), unclear},
      {404, R"({"error":"not found"})", unclear},
      {413, "<html>", unclear},
      {503, "<html>", unclear},
      {503, error(500), unclear},
      {408, error(408), unclear},
      {409, error(409), unclear},
      {500, error(500), unclear},
      {502, error(502), unclear},
      {524, "", unclear},
      {302, "{}", unclear},
      {200, error(500), unclear},
      {202, "<html>", unclear},
      {202, R"({"id":7})", unclear},
      {202, R"({"id":"../x"})", unclear},
  };
  for (const SubmitCase& each : cases) {
    CAPTURE(each.status);
    CAPTURE(each.body);
    const SubmitAnswer told = read_submit(answer(each.status, each.body));
    CHECK(told.result == each.result);
    CHECK(told.failure == each.failure);
  }
  CHECK(read_submit(fail(Errc::not_sent, "")).result == refused);
  CHECK(read_submit(fail(Errc::ambiguous, "")).result == unclear);
  for (const int status : {429, 503}) {
    HttpResponse busy = answer(status, error(status));
    busy.headers = {{"retry-after", "17"}};
    CHECK(read_submit(busy).retry_after == std::chrono::seconds(17));
  }
}

TEST_CASE("openrouter: every state of a job has its verdict") {
  CHECK(polled(R"("status":"pending")").result == PollResult::running);
  CHECK(polled(R"("status":"in_progress")").result == PollResult::running);
  for (const char* ended : {"cancelled", "expired"}) {
    const PollAnswer told = polled(std::string(R"("status":")") + ended + "\"");
    CHECK(told.result == PollResult::failed);
    CHECK(told.failure == Failure::transient);
  }
  // The sentence decides nothing.
  const PollAnswer failed = polled(R"("status":"failed","error":"content policy\nviolation")");
  CHECK(failed.result == PollResult::failed);
  CHECK(failed.failure == Failure::unknown);
  CHECK(failed.reason == "the generator reported an error");
  CHECK(polled(R"("status":"failed","error":{"code":400}})").result == PollResult::unclear);
  CHECK(polled(R"("status":"failed")").result == PollResult::failed);
  for (const char* other : {R"("status":"queued")", R"("status":7)", R"("x":1)",
                            R"("status":"Completed","urls":["https://c.test/v.mp4"])"}) {
    CHECK_MESSAGE(polled(other).result == PollResult::unclear, other);
  }
}

TEST_CASE("openrouter: the signed address goes first, the other one needs our key") {
  const std::string content = "https://openrouter.test/api/v1/videos/x/content?index=0";
  World world;
  world.http.answers = {
      answer(200, with_id(R"("status":"completed","unsigned_urls":[")" + content +
                          R"("],"urls":["https://cdn.test/v.mp4?sig=1"],"expires_at":1790003600)")),
      answer(200, with_id(R"("status":"completed","unsigned_urls":[")" + content + "\"]")),
      answer(200, with_id(R"("status":"completed","urls":[],"unsigned_urls":[null,)"
                          R"("/api/v1/videos/x/content?index=0"])")),
      answer(200, with_id(R"("status":"completed","unsigned_urls":["https://evil.test/v.mp4"])"))};
  const auto poll = [&] { return world.run(world.client.poll({.job = id})); };
  const PollAnswer open = poll();
  CHECK(open.result == PollResult::ready);
  CHECK(open.url == "https://cdn.test/v.mp4?sig=1");
  CHECK_FALSE(open.needs_key);
  CHECK(open.expires == std::optional(from_unix_s(1'790'003'600)));
  CHECK(world.http.calls.at(0).url == std::string("https://openrouter.test/api/v1/videos/") + id);
  const PollAnswer own = poll();
  CHECK(own.url == content);
  CHECK(own.needs_key);
  CHECK(own.expires == std::nullopt);
  CHECK(world.client.headers_for(own.url).at(0).value == "Bearer sk-or-v1-key");
  CHECK(poll().url == content);
  const PollAnswer foreign = poll();
  CHECK_FALSE(foreign.needs_key);
  CHECK(world.client.headers_for(foreign.url).empty());
  CHECK(world.client.headers_for("http://openrouter.test/v.mp4").empty());
}

TEST_CASE("openrouter: a finished job without an address that can be read is unclear") {
  for (const char* none :
       {R"("x":1)", R"("urls":[])", R"("urls":"https://c.test/v.mp4")", R"("unsigned_urls":[7])",
        R"("urls":["javascript:alert"])", R"("urls":["//c.test/v.mp4"])"}) {
    const PollAnswer told = polled(R"("status":"completed",)" + std::string(none));
    CHECK_MESSAGE(told.result == PollResult::unclear, none);
    CHECK(told.cost == std::nullopt);
  }
}

TEST_CASE("openrouter: what a job cost is told in millionths of a dollar") {
  const auto cost = [](const std::string& usage) {
    return polled(R"("status":"completed","urls":["https://c.test/v"],"usage":)" + usage).cost;
  };
  REQUIRE(cost(R"({"cost":0.5,"is_byok":false})").has_value());
  CHECK(cost(R"({"cost":0.5})")->micros == 500'000);
  CHECK(cost(R"({"cost":0.5})")->currency == "usd");
  CHECK(cost(R"({"cost":1.2345678})")->micros == 1'234'568);
  CHECK(cost(R"({"cost":0})")->micros == 0);
  for (const char* none :
       {R"({"cost":null})", R"({"cost":"1"})", R"({"cost":-1})", R"({"cost":1e300})", "{}", "7"}) {
    CHECK_MESSAGE(cost(none) == std::nullopt, none);
  }
  CHECK(polled(R"("status":"failed","usage":{"cost":0.25})").cost->micros == 250'000);
}

TEST_CASE("openrouter: only its own 404 says that there is no job") {
  const auto read = [](int status, const std::string& body) {
    return read_poll(answer(status, body), id, base).result;
  };
  CHECK(read(404, error(404)) == PollResult::missing);
  CHECK(read(404, "<html>") == PollResult::unclear);
  CHECK(read(404, "{}") == PollResult::unclear);
  for (const int status : {401, 402, 403, 429, 500, 502, 503}) {
    CHECK(read(status, error(status)) == PollResult::unclear);
  }
  CHECK(read_poll(fail(Errc::ambiguous, ""), id, base).result == PollResult::unclear);
  CHECK(read_poll(answer(200, with_id(R"("status":"failed")")), "other", base).result ==
        PollResult::unclear);
}

HttpRequest callback(const std::string& signature, const std::string& body) {
  return {.method = "POST", .headers = {{"x-openrouter-signature", signature}}, .body = body};
}

const std::string event =
    R"({"type":"video.generation.completed","created_at":"2026-09-21T14:13:20Z",)"
    R"("data":{"id":"gen-vid-1790000000-AbCdEfGhIjKlMnOpQrSt","status":"completed"}})";
const std::string good = "d46f89b5c5e08b0fa9106f6f6e0bb0d177e9c01ac0cd3d058c6d26222365aa72";
const std::string by_another = "f04d803b0568c97bfc591f3ae690166b2859db87d24af1e18bdced10fd02b1d4";

TEST_CASE("openrouter: a signed callback names its job, any other one is refused") {
  World world;
  const auto read = [&](const HttpRequest& request) {
    return world.run(world.client.read_callback(request));
  };
  CHECK(world.client.abilities().calls_back);
  CHECK(read(callback("t=1790000000,v1=" + good, event)).value() == id);
  CHECK(read(callback("v1=" + by_another + ",t=1790000000,v2=x,v1=" + good, event)).value() == id);
  for (const std::string& wrong :
       {std::string(), std::string("t=1790000000"), "t=1790000001,v1=" + good, "v1=" + good,
        "t=1790000000,v1=" + by_another, "t=1790000000,v2=" + good, "t=,v1=" + good,
        "t=1790000000,t=1790000000,v1=" + good, "t=1790000000,v1=" + good + std::string(5000, ','),
        "t=1790000000,v1=" + good.substr(1)}) {
    CAPTURE(wrong);
    CHECK(read(callback(wrong, event)).error().code == Errc::forbidden);
  }
  CHECK(read(callback("t=1790000000,v1=" + good, event + " ")).error().code == Errc::forbidden);
  CHECK(read({.body = event}).error().code == Errc::forbidden);
  HttpRequest twice = callback("t=1790000000,v1=" + good, event);
  twice.headers.push_back(twice.headers.front());
  CHECK(read(twice).error().code == Errc::forbidden);
  CHECK(read(callback(
                 "t=1790000000,v1=5fd431e2ba193afa8ae632273240af2ffb518be03d21aa0b2e7d15571a92ce03",
                 R"({"data":{}})"))
            .error()
            .code == Errc::invalid);
}

TEST_CASE("openrouter: a callback is good for five minutes, under each of several secrets") {
  const Secret both("another_secret_fedcba9876,or_secret_0123456789abcdef");
  for (const std::string& signature : {good, by_another}) {
    const HttpRequest request = callback("t=1790000000,v1=" + signature, event);
    for (const int later : {-300, 0, 300}) {
      CHECK(check_signature(request, both, from_unix_s(1'790'000'000 + later)).has_value());
    }
    for (const int later : {-301, 301}) {
      CHECK(check_signature(request, both, from_unix_s(1'790'000'000 + later)).error().code ==
            Errc::forbidden);
    }
  }
}

TEST_CASE("openrouter: what is left is the key's limit, else the account's credit") {
  World world;
  const auto left = [&](std::vector<Result<HttpResponse>> answers) {
    world.http.answers = {answers.begin(), answers.end()};
    return world.run(world.client.balance());
  };
  CHECK(left({answer(200, R"({"data":{"limit":100,"limit_remaining":74.5}})")}).value() == 74.5);
  const HttpResponse no_limit = answer(200, R"({"data":{"limit":null,"limit_remaining":null}})");
  CHECK(
      left({no_limit, answer(200, R"({"data":{"total_credits":30,"total_usage":4.5}})")}).value() ==
      25.5);
  // The key may make jobs, and may not see the account.
  CHECK(left({no_limit, answer(403, error(403))}).value() == std::nullopt);
  CHECK(left({no_limit, answer(200, "{}")}).value() == std::nullopt);
  CHECK(left({answer(401, error(401))}).error().code == Errc::forbidden);
  CHECK(left({answer(502, "<html>")}).error().code == Errc::unavailable);
}

TEST_CASE("openrouter: a model is in the list of its video models, or it is gone") {
  World world;
  const HttpResponse list = answer(200, R"({"data":[{"id":"a/b"},{"id":"google/veo-3.1"}]})");
  world.http.answers = {list, list, answer(200, "{}"), answer(401, error(401))};
  const auto has = [&](const char* model) { return world.run(world.client.has_model(model)); };
  CHECK(has("google/veo-3.1").value() == std::optional(true));
  CHECK(world.http.calls.at(0).url == "https://openrouter.test/api/v1/videos/models");
  CHECK(has("google/veo-3").value() == std::optional(false));
  CHECK(has("google/veo-3.1").error().code == Errc::unavailable);
  CHECK(has("google/veo-3.1").error().code == Errc::forbidden);
}

TEST_CASE("openrouter: what it cannot do is not pretended") {
  World world;
  CHECK_FALSE(world.client.abilities().looks_up);
  CHECK_FALSE(world.client.abilities().cancels);
  CHECK(world.client.abilities().poll_min == std::chrono::seconds(10));
  CHECK(world.run(world.client.look_up(job())).result == LookUpResult::unclear);
  CHECK(world.run(world.client.cancel({.job = id})).error().code == Errc::unavailable);
  CHECK(world.http.calls.empty());
}

TEST_CASE("openrouter: of the id of another job the log shows the beginning") {
  const test::ChildEnd end = test::run_in_child([] {
    set_log_level(LogLevel::error);
    read_poll(answer(200, R"({"id":")" + std::string(9000, 'a') + R"("})"), id, base);
  });
  CHECK(end.signal == 0);
  CHECK(end.said.find("answer_about_another") != std::string::npos);
  CHECK(end.said.size() < 2 * reason_bytes_max + 200);
}

}  // namespace
}  // namespace claimcheck::openrouter
