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

void check_sentinel_login(const Config& config, ConfigErrors& errors) {
  const auto& [user, password] = config.redis_sentinel_login;
  if (user.empty() && password.empty()) return;
  if (!config.redis_url.starts_with("redis-sentinel://") &&
      !config.redis_url.starts_with("rediss-sentinel://")) {
    errors.lines.emplace_back(
        "REDIS_URL: names no Sentinels; CLAIMCHECK_REDIS_SENTINEL_… are for redis-sentinel://");
  }
  if (password.empty()) errors.lines.emplace_back("CLAIMCHECK_REDIS_SENTINEL_PASSWORD: not set");
}

void check_tls(const Config& config, ConfigErrors& errors) {
  const RedisTls& tls = config.redis_tls;
  if (tls == RedisTls()) return;
  if (!config.redis_url.starts_with("rediss")) {
    errors.lines.emplace_back(
        "REDIS_URL: must start with rediss:// or rediss-sentinel://, since settings of TLS are "
        "set");
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

}  // namespace

ReadOutcome read_redis_url(std::string_view text, Config& config) {
  config.redis_url = text;
  // Empty = embedded, as a flag may say it.
  if (text.empty()) return {};
  const auto address = RedisAddress::parse(text);
  if (!address) return bad(address.error().message);
  return {};
}

ReadOutcome read_sentinel_user(std::string_view text, Config& config) {
  config.redis_sentinel_login.user = text;
  return {};
}

ReadOutcome read_sentinel_password(std::string_view text, Config& config) {
  config.redis_sentinel_login.password = Secret(std::string(text));
  return {};
}

void check_redis(const Config& config, ConfigErrors& errors) {
  check_sentinel_login(config, errors);
  check_tls(config, errors);
}

}  // namespace claimcheck
