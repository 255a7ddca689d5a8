#include "config/redis_settings.hpp"

#include "net/redis/tls.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

std::string_view setting_of(std::string RedisTls::* member) {
  if (member == &RedisTls::ca_file) return "CLAIMCHECK_REDIS_CA_FILE";
  if (member == &RedisTls::certificate_file) return "CLAIMCHECK_REDIS_CERT_FILE";
  return "CLAIMCHECK_REDIS_KEY_FILE";
}

}  // namespace

ReadOutcome read_redis_url(std::string_view text, Config& config) {
  config.redis_url = text;
  // Empty = embedded, as a flag may say it.
  if (text.empty()) return {};
  const auto address = RedisAddress::parse(text);
  if (!address) return bad(address.error().message);
  return {};
}

void check_redis(const Config& config, ConfigErrors& errors) {
  const RedisTls& tls = config.redis_tls;
  if (tls == RedisTls()) return;
  if (!config.redis_url.starts_with("rediss://")) {
    errors.lines.emplace_back("REDIS_URL: must start with rediss://; CLAIMCHECK_REDIS_… need TLS");
    return;
  }
  const bool certificate = !tls.certificate_file.empty();
  const bool key = !tls.key_file.empty();
  if (certificate && !key) errors.lines.emplace_back("CLAIMCHECK_REDIS_KEY_FILE: not set");
  if (key && !certificate) errors.lines.emplace_back("CLAIMCHECK_REDIS_CERT_FILE: not set");
  if (key != certificate) return;
  const auto context = tls_context(tls);
  if (context) return;
  errors.lines.push_back(fmt::format("{}: cannot be used: {}", setting_of(context.error().wrong),
                                     context.error().why));
}

}  // namespace claimcheck
