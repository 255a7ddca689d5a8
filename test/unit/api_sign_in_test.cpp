// The operator's cookie: what opens, what does not, and who may change something with it.
#include "api/sign_in.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

const Secret token("0123456789abcdef-operator");
const Time start = from_unix_s(1'790'000'000);

// As a browser sends back what Set-Cookie gave it.
HttpRequest with_cookie(const std::string& set_cookie) {
  HttpRequest request{.method = "GET"};
  request.headers.push_back(
      {"cookie", "theme=dark; " + set_cookie.substr(0, set_cookie.find(';'))});
  return request;
}

HttpRequest posted(HttpHeaders headers) {
  return {.method = "POST", .headers = std::move(headers)};
}

TEST_CASE("sign-in: a cookie opens for twelve hours, with the same token") {
  const SignIn sign_in(token, "https://video.example.com");
  const HttpRequest request = with_cookie(sign_in.cookie(start));
  CHECK(sign_in.has_cookie(request, start));
  CHECK(sign_in.has_cookie(request, start + signed_in_max - std::chrono::seconds(1)));
  CHECK_FALSE(sign_in.has_cookie(request, start + signed_in_max));
  CHECK_FALSE(SignIn(Secret("another-token-0123456789"), "").has_cookie(request, start));
  CHECK_FALSE(SignIn(Secret(), "").has_cookie(request, start));
}

TEST_CASE("sign-in: what was not signed here does not open") {
  const SignIn sign_in(token, "https://video.example.com");
  const std::string good = sign_in.cookie(start);
  const std::string value = good.substr(0, good.find(';'));
  std::string later = value;
  later[value.find('=') + 1] = '9';
  std::string other = value;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const std::string& forged :
       {later, other, value.substr(0, value.find('.')), value.substr(0, value.find('.') + 1),
        std::string("claimcheck_ops=."), std::string("claimcheck_ops="), "x" + value}) {
    CAPTURE(forged);
    CHECK_FALSE(sign_in.has_cookie(with_cookie(forged + ";"), start));
  }
  CHECK_FALSE(sign_in.has_cookie(with_cookie(sign_in.no_cookie()), start));
  CHECK_FALSE(sign_in.has_cookie({}, start));
}

TEST_CASE("sign-in: a script cannot read the cookie, and https keeps it to https") {
  const std::string secure = SignIn(token, "https://video.example.com").cookie(start);
  CHECK(secure.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure"));
  CHECK(secure.find(token.reveal()) == std::string::npos);
  CHECK(SignIn(token, "http://127.0.0.1:8080").cookie(start).ends_with("SameSite=Strict"));
}

TEST_CASE("sign-in: bearer and token are compared whole") {
  const SignIn sign_in(token, "");
  CHECK(sign_in.is_token(token.reveal()));
  CHECK_FALSE(sign_in.is_token(token.reveal() + "x"));
  CHECK_FALSE(sign_in.is_token(""));
  CHECK_FALSE(SignIn(Secret(), "").is_token(""));
  CHECK(sign_in.has_bearer(posted({{"authorization", "Bearer " + token.reveal()}})));
  CHECK_FALSE(sign_in.has_bearer(posted({{"authorization", token.reveal()}})));
  CHECK_FALSE(SignIn(Secret(), "").has_bearer(posted({{"authorization", "Bearer "}})));
}

TEST_CASE("sign-in: only our own page changes something with a cookie") {
  const SignIn sign_in(token, "https://video.example.com");
  const HttpHeader json{"content-type", "application/json; charset=utf-8"};
  const HttpHeader host{"host", "127.0.0.1:8080"};
  CHECK(sign_in.from_our_page(posted({json, {"sec-fetch-site", "same-origin"}})));
  CHECK(sign_in.from_our_page(posted({json, {"origin", "https://video.example.com"}})));
  CHECK(sign_in.from_our_page(posted({json, host, {"origin", "http://127.0.0.1:8080"}})));
  for (const HttpHeaders& headers :
       {HttpHeaders{json}, HttpHeaders{json, host}, HttpHeaders{{"sec-fetch-site", "same-origin"}},
        HttpHeaders{{"content-type", "text/plain"}, {"sec-fetch-site", "same-origin"}},
        HttpHeaders{json, {"sec-fetch-site", "same-site"}},
        HttpHeaders{
            json, {"sec-fetch-site", "cross-site"}, {"origin", "https://video.example.com"}},
        HttpHeaders{json, host, {"origin", "https://127.0.0.1:8080.evil.example"}},
        HttpHeaders{json, host, {"origin", "null"}}}) {
    CHECK_FALSE(sign_in.from_our_page(posted(headers)));
  }
}

}  // namespace
}  // namespace claimcheck
