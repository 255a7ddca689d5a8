// The signatures were made by Node's crypto, with the seeds 11…11 and 22…22.
#include "generator/fal.hpp"
#include "support/scripted_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck::fal {
namespace {

const std::string id = "764cabcf-b745-4b3e-ae38-1200304cf45b";
const std::string body =
    R"({"request_id":"764cabcf-b745-4b3e-ae38-1200304cf45b",)"
    R"("gateway_request_id":"0fb4a5a4-0000-4b3e-ae38-1200304cf45b","status":"OK",)"
    R"("payload":{"video":{"url":"https://v3.fal.media/files/a/ü.mp4"}}})";
const std::string first_key = "0EqyMnQrtKs6E2i9RhXk5tAiSrcaAWuvhSCjMsl3hzc";
const std::string second_key = "oJql9HpnWYAv-VX43C0qFKXJnSO-l_hkEn_5ODRVpPA";
const std::string first_signature =
    "63eb57d63ff8b5d4d765c6f5ee0a0085ab983ae41b10e369be1ef14425d8119a"
    "79bbfc2f0eac87782ff47bcea270bb31d84589eaaf5ebaacffd8b7fd7410ce0d";
const std::string second_signature =
    "ce5797e2afc7502605ed7d575b6b7cffc53bf85b4f9efeee282bebf40c8b8ccc"
    "a4f56842630268aed01ffef1abebd5d64f5161c0c09ec5b447890bd88149e301";

HttpResponse key_set(const std::vector<std::string>& keys) {
  std::string listed;
  for (const std::string& key : keys) {
    listed += fmt::format(R"({}{{"kty":"OKP","crv":"Ed25519","x":"{}"}})",
                          listed.empty() ? "" : ",", key);
  }
  return {.status = 200, .body = fmt::format(R"({{"keys":[{}]}})", listed)};
}

HttpRequest callback(const std::string& signature = first_signature) {
  HttpRequest request;
  request.method = "POST";
  request.query = "model=fal-ai%2Fveo3%2Ffast";
  request.headers = {{"x-fal-webhook-request-id", id},
                     {"x-fal-webhook-user-id", "user_1"},
                     {"x-fal-webhook-timestamp", "1790000000"},
                     {"x-fal-webhook-signature", signature}};
  request.body = body;
  return request;
}

struct World {
  test::ScriptedClient http;
  test::Runner run;  // its time is that of the signatures
  Metrics metrics;
  Client client{http, metrics, run.clock, {.url = "https://queue.fal.run", .key = Secret("k")}};

  Result<std::string> read(const HttpRequest& request) {
    return run(client.read_callback(request));
  }
  Errc error(const HttpRequest& request) {
    const Result<std::string> told = read(request);
    REQUIRE_FALSE(told);
    return told.error().code;
  }
};

TEST_CASE("fal callbacks: a signed one names its job, by whichever key") {
  World world;
  world.http.answers = {key_set({second_key, first_key})};
  const Result<std::string> told = world.read(callback());
  REQUIRE(told);
  CHECK(*told == "fal-ai/veo3/requests/" + id);
  CHECK(world.read(callback(second_signature)));
  // One request for the keys serves all, and it carries no key of ours.
  REQUIRE(world.http.calls.size() == 1);
  CHECK(world.http.calls[0].url == default_keys_url);
  CHECK(find_header(world.http.calls[0].headers, "authorization") == nullptr);
}

TEST_CASE("fal callbacks: any change of what is signed is seen") {
  World world;
  world.http.answers = {key_set({first_key})};
  REQUIRE(world.read(callback()));
  const auto changed = [&](auto change) {
    HttpRequest request = callback();
    change(request);
    return world.error(request);
  };
  CHECK(changed([](auto& r) { r.body += " "; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[0].value = "other"; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[1].value = "user_2"; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[2].value = "1790000001"; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[3].value[0] = '7'; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[3].value = "zz"; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[2].value = "1790000000 "; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers[2].value = "99999999999999999999"; }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers.pop_back(); }) == Errc::forbidden);
  CHECK(changed([](auto& r) { r.headers.push_back(r.headers[3]); }) == Errc::forbidden);
  CHECK(world.read(callback()));
}

TEST_CASE("fal callbacks: five minutes in both directions, and no keys are read for others") {
  for (const int seconds : {300, -300, 301, -301}) {
    CAPTURE(seconds);
    World world;
    ManualClock clock(from_unix_s(1'790'000'000 + seconds));
    Client client(world.http, world.metrics, clock,
                  {.url = "https://queue.fal.run", .key = Secret("k")});
    world.http.answers = {key_set({first_key})};
    const bool fresh = seconds >= -300 && seconds <= 300;
    CHECK(world.run(client.read_callback(callback())).has_value() == fresh);
    CHECK(world.http.calls.size() == (fresh ? 1 : 0));
  }
}

TEST_CASE("fal callbacks: a new key is found, at most once a minute") {
  World world;
  world.http.answers = {key_set({first_key}), key_set({second_key})};
  REQUIRE(world.read(callback()));
  CHECK(world.error(callback(second_signature)) == Errc::forbidden);
  CHECK(world.http.calls.size() == 1);
  world.run.clock.advance(keys_asked_min);
  CHECK(world.read(callback(second_signature)));
  CHECK(world.http.calls.size() == 2);
  // fal has taken the first one back.
  CHECK(world.error(callback()) == Errc::forbidden);
}

TEST_CASE("fal callbacks: without keys nothing is known, and keys are a day old at most") {
  World world;
  world.http.answers = {HttpResponse{.status = 500}, key_set({}), key_set({first_key})};
  CHECK(world.error(callback()) == Errc::unavailable);
  CHECK(world.error(callback()) == Errc::unavailable);
  CHECK(world.http.calls.size() == 1);
  world.run.clock.advance(keys_asked_min);
  CHECK(world.error(callback()) == Errc::unavailable);
  world.run.clock.advance(keys_asked_min);
  CHECK(world.read(callback()));

  CallbackKeys keys(world.http, world.run.clock, "http://sandbox/keys");
  ManualClock& clock = world.run.clock;
  const std::string late = std::to_string(to_unix_s(clock.now()));
  world.http.answers = {key_set({first_key})};
  world.http.calls.clear();
  HttpRequest request = callback();
  CHECK(world.run(keys.check(request)));
  CHECK(world.http.calls.at(0).url == "http://sandbox/keys");
  // A day later the keys are gone, and fal does not answer: nothing is accepted on old ones.
  clock.advance(keys_kept);
  request.headers[2].value = std::to_string(to_unix_s(clock.now()));
  CHECK(world.run(keys.check(request)).error().code == Errc::unavailable);
}

TEST_CASE("fal callbacks: one that names no job or no model is invalid") {
  World world;
  world.http.answers = {key_set({first_key})};
  for (const char* query : {"", "model=", "model=veo3", "model=..%2Fx%2Fy", "model=a%20b%2Fc"}) {
    CAPTURE(query);
    HttpRequest request = callback();
    request.query = query;
    CHECK(world.error(request) == Errc::invalid);
  }
  HttpRequest workflow = callback();
  workflow.query = "model=workflows%2Fme%2Fcat%2Fv2";
  CHECK(world.read(workflow).value() == "workflows/me/cat/requests/" + id);
}

TEST_CASE("fal callbacks: only usable keys of a set are taken") {
  CHECK(read_key_set(key_set({first_key, second_key}).body).size() == 2);
  CHECK(read_key_set(R"({"keys":[{"x":")" + first_key + R"("}]})").size() == 1);
  CHECK(read_key_set(R"({"keys":[{"crv":"P-256","x":")" + first_key + R"("}]})").empty());
  CHECK(read_key_set(R"({"keys":[{"x":"AAAA"},{"x":7},{},{"x":"***"}]})").empty());
  CHECK(read_key_set("<html>").empty());
  CHECK(read_key_set(key_set(std::vector<std::string>(40, first_key)).body).size() == keys_max);
}

}  // namespace
}  // namespace claimcheck::fal
