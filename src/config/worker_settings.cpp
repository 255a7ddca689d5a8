#include "config/worker_settings.hpp"

#include "net/http/server.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace claimcheck {

namespace {

// 0 = any free one, which would not be the first of several.
int port_of(std::string_view address) {
  int port = 0;
  const std::string_view text = address.substr(address.rfind(':') + 1);
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

}  // namespace

ReadOutcome read_workers(std::string_view text, Config& config) {
  std::int64_t workers = 0;
  ReadOutcome read = read_number(text, 1, workers_max, workers);
  config.workers = static_cast<int>(workers);
  return read;
}

ReadOutcome read_worker_listen(std::string_view text, Config& config) {
  config.worker_listen = text;
  const Result<void> fits = HttpServer::check_address(config.worker_listen);
  if (!fits) return bad(fits.error().message);
  if (port_of(text) == 0) return bad("must name a port: the first of as many as there are workers");
  return {};
}

void check_workers(const Config& config, ConfigErrors& errors) {
  const bool several = config.workers > 1;
  if (several && config.redis_url.empty()) {
    errors.lines.emplace_back(
        "CLAIMCHECK_WORKERS: several workers cannot share the private Redis: set REDIS_URL");
  }
  if (config.worker_listen.empty()) return;
  if (!several) {
    errors.lines.emplace_back(
        "CLAIMCHECK_WORKER_LISTEN: is for several workers: set CLAIMCHECK_WORKERS");
  } else if (port_of(config.worker_listen) + config.workers - 1 > UINT16_MAX) {
    errors.lines.emplace_back(
        "CLAIMCHECK_WORKER_LISTEN: the last worker's port would be more than 65535");
  }
}

std::vector<std::string> worker_addresses(const Config& config) {
  std::vector<std::string> addresses;
  if (config.worker_listen.empty()) return addresses;
  const std::string host = config.worker_listen.substr(0, config.worker_listen.rfind(':'));
  for (int place = 0; place < config.workers; ++place) {
    addresses.push_back(fmt::format("{}:{}", host, port_of(config.worker_listen) + place));
  }
  return addresses;
}

}  // namespace claimcheck
