// The sandbox's screening hook: it answers only what its key signed.
#include "base/standard_signature.hpp"
#include "sandbox/screening.hpp"

#include <doctest/doctest.h>

namespace claimcheck::sandbox {
namespace {

HttpRequest signed_question(std::string body, std::string_view key = screening_key) {
  HttpRequest request;
  request.method = "POST";
  const std::string signature =
      standard_signature("scr_1", 1'790'000'000, body, {Secret("other"), Secret(std::string(key))});
  request.headers = {{"webhook-id", "scr_1"},
                     {"webhook-timestamp", "1790000000"},
                     {"webhook-signature", signature}};
  request.body = std::move(body);
  return request;
}

TEST_CASE("the sandbox's hook refuses one word, and whoever it does not know") {
  const auto allowed = screening_answer(signed_question(R"({"prompt":"a cat"})"));
  CHECK(allowed.status == 200);
  CHECK(allowed.body == R"({"allowed":true})");
  CHECK(screening_answer(signed_question(R"({"prompt":"A Forbidden cat"})")).body ==
        R"({"allowed":false,"reason":"The sandbox forbids this word."})");
  CHECK(screening_answer(signed_question("{}", "wrong")).status == 401);
  HttpRequest changed = signed_question(R"({"prompt":"a cat"})");
  changed.body = R"({"prompt":"a dog"})";
  CHECK(screening_answer(changed).status == 401);
  changed.headers.clear();
  CHECK(screening_answer(changed).status == 401);
  CHECK(screening_answer(signed_question("no JSON")).status == 400);
  HttpRequest read;
  read.method = "GET";
  CHECK(screening_answer(read).status == 405);
}

}  // namespace
}  // namespace claimcheck::sandbox
