// Settings of the connection to Redis: TLS and Sentinels.
#include "config/config.hpp"
#include "support/redis_fixture.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

namespace claimcheck {
namespace {

const std::string url = "REDIS_URL=rediss://redis.example";

std::vector<std::string> errors_of(std::vector<std::string> settings) {
  const auto config = load_config({.arguments = {}, .environment = std::move(settings)}, false);
  return config ? std::vector<std::string>() : config.error().lines;
}

TEST_CASE("redis settings: without TLS those for TLS are mistakes") {
  const std::string name = "CLAIMCHECK_REDIS_SERVER_NAME=localhost";
  const std::vector<std::string> refused = {
      "REDIS_URL: must start with rediss:// or rediss-sentinel://, since settings of TLS are set"};
  CHECK(errors_of({"REDIS_URL=redis://redis.example", name}) == refused);
  CHECK(errors_of({name}) == refused);
  CHECK(errors_of({url, name}).empty());
  CHECK(errors_of({"REDIS_URL=rediss-sentinel://a,b/shop", name}).empty());
}

TEST_CASE("redis settings: a login of Sentinels is for Sentinels, and has a password") {
  using Lines = std::vector<std::string>;
  const std::string sentinels = "REDIS_URL=redis-sentinel://a,b/shop";
  const std::string user = "CLAIMCHECK_REDIS_SENTINEL_USER=me";
  const std::string password = "CLAIMCHECK_REDIS_SENTINEL_PASSWORD=hunter2";
  CHECK(errors_of({sentinels, user, password}).empty());
  CHECK(errors_of({sentinels, password}).empty());
  CHECK(errors_of({sentinels, user}) == Lines{"CLAIMCHECK_REDIS_SENTINEL_PASSWORD: not set"});
  CHECK(errors_of({"REDIS_URL=redis://a", password}) ==
        Lines{"REDIS_URL: names no Sentinels; CLAIMCHECK_REDIS_SENTINEL_… are for "
              "redis-sentinel://"});
}

TEST_CASE("redis settings: certificate and key are one pair of readable files") {
  using Lines = std::vector<std::string>;
  const TemporaryDirectory folder;
  const std::string make =
      "cd " + folder.path() +
      " && for n in a b; do openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$n"
      " -keyout $n.key -out $n.pem 2>openssl.log; done"
      " && openssl ecparam -name prime256v1 -genkey -noout -out ec.key";
  REQUIRE(std::system(make.c_str()) == 0);
  const auto certificate = [&](const std::string& file) {
    return "CLAIMCHECK_REDIS_CERT_FILE=" + folder.path() + file;
  };
  const auto key = [&](const std::string& file) {
    return "CLAIMCHECK_REDIS_KEY_FILE=" + folder.path() + file;
  };
  const std::string authority = "CLAIMCHECK_REDIS_CA_FILE=" + folder.path();
  CHECK(errors_of({url, authority + "/a.pem", certificate("/a.pem"), key("/a.key")}).empty());
  CHECK(errors_of({url, certificate("/a.pem")}) == Lines{"CLAIMCHECK_REDIS_KEY_FILE: not set"});
  CHECK(errors_of({url, key("/a.key")}) == Lines{"CLAIMCHECK_REDIS_CERT_FILE: not set"});
  CHECK(errors_of({url, authority + "/none"}) ==
        Lines{"CLAIMCHECK_REDIS_CA_FILE: cannot be used: No such file or directory"});
  const Lines no_certificate = errors_of({url, certificate("/a.key"), key("/a.key")});
  REQUIRE(no_certificate.size() == 1);
  CHECK(no_certificate[0].starts_with("CLAIMCHECK_REDIS_CERT_FILE: cannot be used: "));
  for (const char* other : {"/b.key", "/ec.key"}) {
    const Lines other_key = errors_of({url, certificate("/a.pem"), key(other)});
    REQUIRE(other_key.size() == 1);
    CHECK(other_key[0].starts_with("CLAIMCHECK_REDIS_KEY_FILE: cannot be used: "));
  }
}

}  // namespace
}  // namespace claimcheck
