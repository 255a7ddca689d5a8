// What each answer of a described provider means.
#include "base/json.hpp"
#include "generator/http_answers.hpp"
#include "support/described_server.hpp"

#include <doctest/doctest.h>

#include <map>

namespace claimcheck::http_generator {
namespace {

using test::answered;
using test::own_server;
using test::told;

struct Refusal {
  int status;
  std::string body;
  SubmitResult result;
  Failure failure;
};

TEST_CASE("http generator: every refusal of a submit has its meaning") {
  const std::string own = R"({"job":null})";
  const auto coded = [](const std::string& code) {
    return R"({"job":{"error":{"code":")" + code + R"("}}})";
  };
  const auto worded = [](const std::string& text) {
    return R"({"job":{"error":{"text":")" + text + R"("}}})";
  };
  const std::vector<Refusal> table = {
      {400, own, SubmitResult::rejected, Failure::input},
      {422, own, SubmitResult::rejected, Failure::input},
      {400, "<html>", SubmitResult::unclear, Failure::none},
      {400, "[]", SubmitResult::unclear, Failure::none},
      {401, "", SubmitResult::refused, Failure::configuration},
      {403, "", SubmitResult::refused, Failure::configuration},
      {404, "<html>", SubmitResult::refused, Failure::configuration},
      {402, "", SubmitResult::refused, Failure::balance},
      {429, "", SubmitResult::refused, Failure::throttled},
      {409, own, SubmitResult::unclear, Failure::none},
      {500, own, SubmitResult::unclear, Failure::none},
      {503, "", SubmitResult::unclear, Failure::none},
      {302, "", SubmitResult::unclear, Failure::none},
      {200, own, SubmitResult::unclear, Failure::none},
      {200, "", SubmitResult::unclear, Failure::none},
      // Words say more than statuses.
      {400, coded("SAFETY.INPUT.TEXT"), SubmitResult::rejected, Failure::content},
      {500, coded("SAFETY.INPUT.TEXT"), SubmitResult::rejected, Failure::content},
      {200, coded("bad_ratio"), SubmitResult::rejected, Failure::input},
      {429, coded("no_credit"), SubmitResult::refused, Failure::balance},
      {400, coded("busy"), SubmitResult::refused, Failure::throttled},
      {503, worded("daily limit reached"), SubmitResult::refused, Failure::throttled},
      {422, worded("it is not SAFETY.INPUT"), SubmitResult::rejected, Failure::input},
      {200, R"({"job":{"state":"blocked"}})", SubmitResult::rejected, Failure::content},
  };
  for (const Refusal& row : table) {
    CAPTURE(row.status);
    CAPTURE(row.body);
    const SubmitAnswer read = read_submit(answered(row.status, row.body), own_server().http);
    CHECK(read.result == row.result);
    CHECK(read.failure == row.failure);
    CHECK(read.job.empty());
  }
  CHECK(read_submit(fail(Errc::not_sent, ""), own_server().http).result == SubmitResult::refused);
  CHECK(read_submit(fail(Errc::ambiguous, ""), own_server().http).result == SubmitResult::unclear);
}

TEST_CASE("http generator: a named job is accepted, whatever else the answer says") {
  const HttpResponse named = told(R"("id":"j1","state":"failed","error":{"code":"SAFETY.X"})");
  CHECK(read_submit(named, own_server().http).result == SubmitResult::accepted);
  // An error that names a job has not accepted it.
  CHECK(read_submit(answered(500, named.body), own_server().http).result == SubmitResult::rejected);
}

TEST_CASE("http generator: a wait that the provider asks for is kept") {
  HttpResponse busy = answered(429, "{}");
  busy.headers = {{"retry-after", "30"}};
  CHECK(read_submit(busy, own_server().http).retry_after == std::chrono::seconds(30));
}

TEST_CASE("http generator: a reason names a code or state of one word, and never a sentence") {
  const auto rejected = [](const std::string& error) {
    return read_submit(answered(400, R"({"job":{"error":)" + error + "}}"), own_server().http)
        .reason;
  };
  CHECK(rejected(R"({"text":"a cat is no ratio","code":"bad_ratio"})") ==
        "the generator rejected it (400): bad_ratio");
  CHECK(rejected(R"({"text":"a cat"})") == "the generator rejected it (400)");
  CHECK(rejected(R"({"text":"cat","code":"a cat"})") == "the generator rejected it (400)");
  CHECK(rejected(R"({"code":")" + std::string(41, 'a') + R"("})") ==
        "the generator rejected it (400)");
  const auto failed = [](const std::string& members) {
    return read_poll(told(members), own_server().http, "j1", "http://gpu.shop:8000/v1")
        .answer.reason;
  };
  CHECK(failed(R"("state":"failed","error":{"text":"a cat","code":"oom"})") ==
        "the generator reported an error: oom");
  CHECK(failed(R"("state":"failed","error":{"text":"a cat"})") ==
        "the generator reported an error: failed");
  CHECK(failed(R"("state":"failed","error":{"code":"a cat"})") ==
        "the generator reported an error");
}

TEST_CASE("http generator: the statuses of a refusal are the described ones") {
  HttpGeneratorOptions http = own_server().http;
  http.failed_status = {406};
  http.throttled_status = {503};
  http.balance_status = {429};
  http.configuration_status = {418};
  CHECK(read_submit(answered(406, "{}"), http).failure == Failure::input);
  CHECK(read_submit(answered(503, "{}"), http).failure == Failure::throttled);
  for (const char* page : {"", "<html>", "[]"}) {
    CHECK(read_submit(answered(503, page), http).result == SubmitResult::unclear);
    CHECK(read_submit(answered(429, page), http).result == SubmitResult::refused);
  }
  CHECK(read_submit(answered(429, "{}"), http).failure == Failure::balance);
  CHECK(read_submit(answered(418, "{}"), http).failure == Failure::configuration);
  for (const int status : {400, 401, 402, 403, 404, 422}) {
    CHECK(read_submit(answered(status, "{}"), http).result == SubmitResult::unclear);
  }
}

TEST_CASE("http generator: an id is visible ASCII, or a whole number") {
  const auto id_of = [](const std::string& value) {
    return read_submit(told(R"("id":)" + value), own_server().http).job;
  };
  CHECK(id_of(R"("models/x/operations/1:2")") == "models/x/operations/1:2");
  CHECK(id_of("17") == "17");
  CHECK(id_of(json::print(std::string(512, 'a'))).size() == 512);
  for (const std::string& none :
       {std::string(R"("")"), std::string(R"("a b")"), std::string(R"("..")"),
        std::string(R"(".")"), std::string(R"("a\n")"), std::string(R"("é")"),
        json::print(std::string(513, 'a')), std::string("1.5"), std::string("null"),
        std::string("[]")}) {
    CHECK_MESSAGE(id_of(none).empty(), none);
  }
}

TEST_CASE("http generator: every state word has its result") {
  const std::map<std::string, PollResult> results = {{"pending", PollResult::running},
                                                     {"queued", PollResult::running},
                                                     {"in_progress", PollResult::running},
                                                     {"processing", PollResult::running},
                                                     {"running", PollResult::running},
                                                     {"completed", PollResult::ready},
                                                     {"succeeded", PollResult::ready},
                                                     {"failed", PollResult::failed},
                                                     {"error", PollResult::failed},
                                                     {"canceled", PollResult::failed},
                                                     {"blocked", PollResult::failed},
                                                     {"busy", PollResult::failed},
                                                     {"no_credit", PollResult::failed},
                                                     {"bad_ratio", PollResult::failed},
                                                     {"dreaming", PollResult::unclear},
                                                     {"Completed", PollResult::unclear},
                                                     {"", PollResult::unclear}};
  for (const auto& [word, result] : results) {
    CAPTURE(word);
    const HttpResponse seen =
        told(R"("id":"j1","files":[{"url":"/f.mp4"}],"state":)" + json::print(word));
    const PollReading read = read_poll(seen, own_server().http, "j1", "http://gpu.shop:8000/v1");
    CHECK(read.answer.result == result);
    CHECK(read.unknown_state == (result == PollResult::unclear ? word : ""));
  }
}

TEST_CASE("http generator: a failed job has the class that its code or text says") {
  const auto failure = [](const std::string& members) {
    const PollReading read =
        read_poll(told(members), own_server().http, "j1", "http://gpu.shop:8000/v1");
    CHECK(read.answer.result == PollResult::failed);
    return read.answer.failure;
  };
  CHECK(failure(R"("state":"failed","error":{"code":"SAFETY.OUTPUT.IMAGE"})") == Failure::content);
  CHECK(failure(R"("state":"failed","error":{"code":"bad_ratio"})") == Failure::input);
  CHECK(failure(R"("state":"failed","error":{"code":"no_credit"})") == Failure::balance);
  CHECK(failure(R"("state":"failed","error":{"text":"GPU limit reached"})") == Failure::throttled);
  CHECK(failure(R"("state":"failed","error":{"code":"oom"})") == Failure::unknown);
  CHECK(failure(R"("state":"failed")") == Failure::unknown);
  CHECK(failure(R"("state":"blocked")") == Failure::content);
  // Made, it says, and shows nothing but why not.
  CHECK(failure(R"("state":"completed","error":{"code":"SAFETY.X"})") == Failure::content);
}

TEST_CASE("http generator: no answer that is not understood ends a job") {
  const auto result = [](int status, const std::string& body) {
    return read_poll(answered(status, body), own_server().http, "j1", "http://gpu.shop:8000/v1")
        .answer.result;
  };
  CHECK(result(404, R"({"detail":"unknown job"})") == PollResult::missing);
  CHECK(result(410, "{}") == PollResult::missing);
  CHECK(result(404, "<html>") == PollResult::unclear);
  CHECK(result(404, "") == PollResult::unclear);
  const std::string failed = R"({"job":{"state":"failed"}})";
  for (const int status : {301, 400, 401, 402, 403, 422, 429, 500, 502, 503}) {
    CHECK(result(status, failed) == PollResult::unclear);
  }
  CHECK(result(200, "<html>") == PollResult::unclear);
  CHECK(result(200, R"({"job":{"state":"completed"}})") == PollResult::unclear);
  CHECK(result(200, R"({"job":{"state":"completed","files":[{"url":"javascript:x"}]}})") ==
        PollResult::unclear);
  CHECK(result(200, R"({"job":{"id":"j2","state":"failed"}})") == PollResult::unclear);
  CHECK(result(202, R"({"job":{"id":"j1","state":"failed"}})") == PollResult::failed);
  CHECK(read_poll(fail(Errc::ambiguous, ""), own_server().http, "j1", "http://g").answer.result ==
        PollResult::unclear);
}

TEST_CASE("http generator: a result's address may be a path on the configured host, and no more") {
  const std::string url = "https://gpu.shop:8000/v1";
  CHECK(result_address("/files/x.mp4?a=b", url) == "https://gpu.shop:8000/files/x.mp4?a=b");
  CHECK(result_address("HTTPS://cdn.example/x", url) == "https://cdn.example/x");
  for (const char* none : {"", "x.mp4", "//evil.example/x", "https://", "https:///x", "ftp://a/b",
                           "/a b", "/a\nb", "/a\\b", "https://a/\x7f", "data:video/mp4,x"}) {
    CHECK_MESSAGE(result_address(none, url).empty(), none);
  }
  CHECK(result_address("/" + std::string(9000, 'a'), url).empty());
}

}  // namespace
}  // namespace claimcheck::http_generator
