// The operator's cookie: what opens, what does not, and who may change something with it.
#include "api/sign_in.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

const Secret token("0123456789abcdef-operator");
const Operator owner{.name = std::string(unnamed_operator), .role = Role::act, .token = token};
const Operator watch{
    .name = "watch", .role = Role::read, .token = Secret("0123456789abcdef-watch")};
const Operator anna{.name = "anna", .role = Role::act, .token = Secret("0123456789abcdef-anna")};
const std::vector<Operator> all = {owner, watch, anna};
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
  const SignIn sign_in({owner}, "https://video.example.com");
  const HttpRequest request = with_cookie(sign_in.cookie(owner, start));
  CHECK(sign_in.of_cookie(request, start) != nullptr);
  CHECK(sign_in.of_cookie(request, start + signed_in_max - std::chrono::seconds(1)) != nullptr);
  CHECK(sign_in.of_cookie(request, start + signed_in_max) == nullptr);
  Operator with_another = owner;
  with_another.token = Secret("another-token-0123456789");
  CHECK(SignIn({with_another}, "").of_cookie(request, start) == nullptr);
  CHECK(SignIn({}, "").of_cookie(request, start) == nullptr);
}

TEST_CASE("sign-in: what was not signed here does not open") {
  const SignIn sign_in(all, "https://video.example.com");
  const std::string good = sign_in.cookie(anna, start);
  const std::string value = good.substr(0, good.find(';'));
  std::string later = value;
  later[value.find('=') + 1] = '9';
  std::string other = value;
  other.back() = other.back() == '0' ? '1' : '0';
  // Her cookie under another name: each name has a key of its own.
  std::string renamed = value;
  renamed.replace(value.find("anna"), 4, "watch");
  std::string of_nobody = value;
  of_nobody.replace(value.find("anna"), 4, "nobody");
  for (const std::string& forged :
       {later, other, renamed, of_nobody, value.substr(0, value.find('.')),
        value.substr(0, value.find('.') + 1), std::string("claimcheck_ops=."),
        std::string("claimcheck_ops="), "x" + value}) {
    CAPTURE(forged);
    CHECK(sign_in.of_cookie(with_cookie(forged + ";"), start) == nullptr);
  }
  CHECK(sign_in.of_cookie(with_cookie(sign_in.no_cookie()), start) == nullptr);
  CHECK(sign_in.of_cookie({}, start) == nullptr);
}

TEST_CASE("sign-in: a script cannot read the cookie, and https keeps it to https") {
  const std::string secure = SignIn({owner}, "https://video.example.com").cookie(owner, start);
  CHECK(secure.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure"));
  CHECK(secure.find(token.reveal()) == std::string::npos);
  CHECK(SignIn({owner}, "http://127.0.0.1:8080").cookie(owner, start).ends_with("SameSite=Strict"));
}

TEST_CASE("sign-in: bearer and token are compared whole") {
  const SignIn sign_in({owner}, "");
  CHECK(sign_in.of_token(token.reveal()) != nullptr);
  CHECK(sign_in.of_token(token.reveal() + "x") == nullptr);
  CHECK(sign_in.of_token("") == nullptr);
  CHECK(SignIn({}, "").of_token("") == nullptr);
  CHECK(sign_in.of_bearer(posted({{"authorization", "Bearer " + token.reveal()}})) != nullptr);
  CHECK(sign_in.of_bearer(posted({{"authorization", token.reveal()}})) == nullptr);
  CHECK(SignIn({}, "").of_bearer(posted({{"authorization", "Bearer "}})) == nullptr);
}

TEST_CASE("sign-in: token and cookie tell who it is, and the role is the one of now") {
  const SignIn sign_in(all, "");
  for (const Operator& who : all) {
    CAPTURE(who.name);
    const Operator* by_token = sign_in.of_token(who.token.reveal());
    const Operator* by_cookie = sign_in.of_cookie(with_cookie(sign_in.cookie(who, start)), start);
    REQUIRE(by_token != nullptr);
    REQUIRE(by_cookie != nullptr);
    CHECK(by_token->name == who.name);
    CHECK(by_cookie->name == who.name);
    CHECK(by_cookie->role == who.role);
  }
  Operator promoted = watch;
  promoted.role = Role::act;
  const HttpRequest request = with_cookie(sign_in.cookie(watch, start));
  CHECK(SignIn({promoted}, "").of_cookie(request, start)->role == Role::act);
}

TEST_CASE("sign-in: only our own page changes something with a cookie") {
  const SignIn sign_in(all, "https://video.example.com");
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
