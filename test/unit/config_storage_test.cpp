// Settings of the storage that keeps results.
#include "config/config.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

std::expected<Config, ConfigErrors> with(const std::vector<std::string>& settings) {
  return load_config({.arguments = {}, .environment = settings}, false);
}

const std::vector<std::string> key = {"CLAIMCHECK_STORAGE_KEY_ID=AKID",
                                      "CLAIMCHECK_STORAGE_SECRET=sesame"};

std::expected<Config, ConfigErrors> at(const std::string& url) {
  std::vector<std::string> settings = key;
  settings.push_back("CLAIMCHECK_STORAGE_URL=" + url);
  return with(settings);
}

std::string url_of(const std::string& url) {
  const auto config = at(url);
  return config ? config->storage.url : config.error().lines.at(0);
}

std::string error_of(const std::string& setting) {
  const auto config = with({setting});
  return config ? "" : config.error().lines.at(0);
}

TEST_CASE("storage settings: without any nothing is kept") {
  const auto config = with({});
  REQUIRE(config.has_value());
  CHECK(config->storage.url.empty());
  CHECK(config->storage.prefix == "claimcheck/");
  CHECK(config->storage.key.region == "us-east-1");
  CHECK(config->storage.link_life == std::chrono::hours(1));
  CHECK(config->storage.kept_for == Duration(0));
  CHECK(config->storage.bytes_max == 4096LL * 1024 * 1024);
}

TEST_CASE("storage settings: a URL names a bucket, and is not read by others on its way") {
  CHECK(url_of("https://s3.example.com/bucket/") == "https://s3.example.com/bucket");
  CHECK(url_of("HTTPS://bucket.s3.eu-central-1.amazonaws.com") ==
        "https://bucket.s3.eu-central-1.amazonaws.com");
  CHECK(url_of("https://acc.r2.cloudflarestorage.com/b") ==
        "https://acc.r2.cloudflarestorage.com/b");
  CHECK(url_of("http://127.0.0.1:9000/bucket") == "http://127.0.0.1:9000/bucket");
  CHECK(url_of("http://[::1]:9000/bucket") == "http://[::1]:9000/bucket");
  const std::string no_bucket =
      "CLAIMCHECK_STORAGE_URL: must name the bucket: "
      "https://host/bucket or https://bucket.host";
  for (const char* url :
       {"https://s3.amazonaws.com", "https://s3.eu-central-1.amazonaws.com/",
        "https://acc.r2.cloudflarestorage.com", "http://localhost:9000", "https://10.0.0.1"}) {
    CHECK(url_of(url) == no_bucket);
  }
  CHECK(url_of("http://s3.example.com/bucket") ==
        "CLAIMCHECK_STORAGE_URL: must be https://, or http:// to this very machine");
  CHECK(url_of("s3://bucket") == "CLAIMCHECK_STORAGE_URL: must begin with https://");
  CHECK(url_of("https://a:b@host/bucket").ends_with("must not hold spaces, ?, # or @"));
  CHECK(url_of("https://host/bucket?x").ends_with("must not hold spaces, ?, # or @"));
}

TEST_CASE("storage settings: a URL needs a key, and a key a URL") {
  CHECK(with({"CLAIMCHECK_STORAGE_URL=https://h/b"}).error().lines ==
        std::vector<std::string>{"CLAIMCHECK_STORAGE_KEY_ID: not set",
                                 "CLAIMCHECK_STORAGE_SECRET: not set"});
  CHECK(with(key).error().lines == std::vector<std::string>{"CLAIMCHECK_STORAGE_URL: not set"});
  CHECK(with({"CLAIMCHECK_STORAGE_DAYS=3"}).error().lines ==
        std::vector<std::string>{"CLAIMCHECK_STORAGE_URL: not set"});
  const auto config = at("https://h/b");
  REQUIRE(config.has_value());
  CHECK(config->policy.keeps_results);
  CHECK(config->policy.link_watched_for == Policy().link_watched_for);
  CHECK(config->storage.key.id == "AKID");
  CHECK(config->storage.key.secret.reveal() == "sesame");
}

TEST_CASE("storage settings: each is read, and a wrong one says what to write") {
  std::vector<std::string> all = key;
  for (const char* setting :
       {"URL=https://h/b", "REGION=auto", "PREFIX=shop/films/", "PUBLIC_URL=https://cdn.example/",
        "LINK_LIFE=7d", "DAYS=30", "RESULT_MAX_MB=50000"}) {
    all.push_back(std::string("CLAIMCHECK_STORAGE_") + setting);
  }
  const auto config = with(all);
  REQUIRE(config.has_value());
  CHECK(config->storage.key.region == "auto");
  CHECK(config->storage.prefix == "shop/films/");
  CHECK(config->storage.public_url == "https://cdn.example");
  CHECK(config->storage.link_life == std::chrono::days(7));
  CHECK(config->storage.kept_for == std::chrono::days(30));
  // What is deleted by its age is no lost link.
  std::vector<std::string> short_lived = key;
  short_lived.insert(short_lived.end(),
                     {"CLAIMCHECK_STORAGE_URL=https://h/b", "CLAIMCHECK_STORAGE_DAYS=3"});
  CHECK(with(short_lived)->policy.link_watched_for == std::chrono::days(3));
  CHECK(config->storage.bytes_max == 50'000LL * 1024 * 1024);
  CHECK(error_of("CLAIMCHECK_STORAGE_LINK_LIFE=8d").ends_with("must be from 1m to 7d"));
  CHECK(error_of("CLAIMCHECK_STORAGE_LINK_LIFE=59s").ends_with("must be from 1m to 7d"));
  CHECK(error_of("CLAIMCHECK_STORAGE_DAYS=3651").ends_with("must be a number from 0 to 3650"));
  CHECK(error_of("CLAIMCHECK_STORAGE_RESULT_MAX_MB=0").ends_with("from 1 to 50000"));
  CHECK(error_of("CLAIMCHECK_STORAGE_KEY_ID=a/b").ends_with("must be the id of an access key"));
  CHECK(error_of("CLAIMCHECK_STORAGE_REGION=EU").ends_with("or auto"));
  for (const char* prefix : {"/", "a", "/a/", "a//", "../", "a b/", "a/./"}) {
    CAPTURE(std::string(prefix));
    CHECK(error_of(std::string("CLAIMCHECK_STORAGE_PREFIX=") + prefix)
              .ends_with("with a / at its end"));
  }
}

}  // namespace
}  // namespace claimcheck
