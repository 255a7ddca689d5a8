// Settings of several processes.
#include "config/config.hpp"
#include "config/worker_settings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace claimcheck {
namespace {

std::vector<std::string> errors_of(std::vector<std::string> settings) {
  settings.insert(settings.end(),
                  {"STRIPE_SECRET_KEY=sk_test_secret", "STRIPE_WEBHOOK_SECRET=whsec_1,whsec_2",
                   "STRIPE_PRICE_IDS=price_a", "SUPERDUPERAI_TOKEN=tokentokentoken"});
  const auto config = load_config({.arguments = {}, .environment = std::move(settings)}, true);
  return config ? std::vector<std::string>() : config.error().lines;
}

TEST_CASE("worker settings: how many, on which Redis, and where each alone is") {
  using Lines = std::vector<std::string>;
  const std::string redis = "REDIS_URL=redis://h";
  const std::string own = "CLAIMCHECK_WORKER_LISTEN=127.0.0.1:9101";
  CHECK(errors_of({"CLAIMCHECK_WORKERS=1"}) == Lines{});
  CHECK(errors_of({redis, "CLAIMCHECK_WORKERS=64", own}) == Lines{});
  CHECK(errors_of({redis, "CLAIMCHECK_WORKERS=65"}) ==
        Lines{"CLAIMCHECK_WORKERS: must be a number from 1 to 64"});
  CHECK(errors_of({"CLAIMCHECK_WORKERS=2"}) ==
        Lines{"CLAIMCHECK_WORKERS: several workers cannot share the private Redis: set REDIS_URL"});
  CHECK(errors_of({own}) ==
        Lines{"CLAIMCHECK_WORKER_LISTEN: is for several workers: set CLAIMCHECK_WORKERS"});
  const std::string two = "CLAIMCHECK_WORKERS=2";
  CHECK(errors_of({redis, two, "CLAIMCHECK_WORKER_LISTEN=127.0.0.1:65534"}) == Lines{});
  CHECK(errors_of({redis, two, "CLAIMCHECK_WORKER_LISTEN=127.0.0.1:65535"}) ==
        Lines{"CLAIMCHECK_WORKER_LISTEN: the last worker's port would be more than 65535"});
  CHECK(errors_of({redis, two, "CLAIMCHECK_WORKER_LISTEN=127.0.0.1:0"}) ==
        Lines{"CLAIMCHECK_WORKER_LISTEN: must name a port: the first of as many as there are "
              "workers"});
}

TEST_CASE("worker settings: the addresses of each alone") {
  Config config;
  config.workers = 3;
  CHECK(worker_addresses(config).empty());
  config.worker_listen = "[::1]:9101";
  CHECK(worker_addresses(config) ==
        std::vector<std::string>{"[::1]:9101", "[::1]:9102", "[::1]:9103"});
}

}  // namespace
}  // namespace claimcheck
