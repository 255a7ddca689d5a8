#include "config/settings.hpp"

#include "base/text.hpp"
#include "config/generator_settings.hpp"
#include "config/guard_settings.hpp"
#include "config/notify_settings.hpp"
#include "config/operator_settings.hpp"
#include "config/price_settings.hpp"
#include "config/redis_settings.hpp"
#include "config/screening_settings.hpp"
#include "config/storage_settings.hpp"
#include "config/stripe_settings.hpp"
#include "config/worker_settings.hpp"
#include "domain/names.hpp"
#include "net/http/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

// Takes the text as it is.
template <std::string Config::* member>
ReadOutcome read_text(std::string_view text, Config& config) {
  config.*member = text;
  return {};
}

ReadOutcome read_listen(std::string_view text, Config& config) {
  config.listen = text;
  const Result<void> fits = HttpServer::check_address(config.listen);
  if (!fits) return bad(fits.error().message);
  return {};
}

ReadOutcome read_proxies(std::string_view text, Config& config) {
  // Addresses, no names: they are compared with the peer's address, without DNS.
  Result<IpRanges> proxies = IpRanges::parse(split_list(text));
  if (!proxies) return bad(proxies.error().message);
  config.trusted_proxies = std::move(*proxies);
  return {};
}

ReadOutcome read_origins(std::string_view text, Config& config) {
  config.cors_origins = split_list(text);
  for (std::string& origin : config.cors_origins) {
    const std::string address = web_address(origin);
    const std::size_t host = address.find("://") + 3;
    // A path would never match: browsers send scheme, host and port only.
    if (address.empty() || host == address.size() || address.find('/', host) != std::string::npos) {
      return bad(origin + " is no origin like https://shop.example");
    }
    origin = lowercase(address);  // as browsers send it
  }
  return {};
}

// For addresses to which paths are appended.
ReadOutcome check_base_url(std::string_view text, std::string& url) {
  std::string address = web_address(text);
  if (address.empty()) return bad("must begin with http:// or https://");
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) return bad("must not hold spaces");
  // Paths are appended to it, and each begins with a slash.
  while (address.ends_with('/')) address.pop_back();
  url = std::move(address);
  return {};
}

ReadOutcome read_stripe_url(std::string_view text, Config& config) {
  return check_base_url(text, config.stripe.url);
}

ReadOutcome read_generator_url(std::string_view text, Config& config) {
  return check_base_url(text, config.superduperai.url);
}

ReadOutcome read_public_url(std::string_view text, Config& config) {
  return check_base_url(text, config.public_url);
}

template <std::string Config::* member>
// Not a base: the shop's page may have a path, a query and Stripe's {CHECKOUT_SESSION_ID}.
ReadOutcome read_page_url(std::string_view text, Config& config) {
  config.*member = web_address(text);
  if ((config.*member).empty()) return bad("must begin with http:// or https://");
  return {};
}

ReadOutcome read_default_model(std::string_view text, Config& config) {
  config.catalog.default_generator.model = text;
  return {};
}

ReadOutcome read_generator_token(std::string_view text, Config& config) {
  config.superduperai.key = Secret(std::string(text));
  return {};
}

ReadOutcome read_ttl(std::string_view text, Config& config) {
  const auto ttl = parse_duration(text);
  if (!ttl) return std::unexpected(ttl.error());
  if (*ttl < std::chrono::hours(1)) return bad("must be at least 1h");
  config.store.session_ttl = *ttl;
  return {};
}

// A separate life from the session value's: disputes and audits come late, and a claim holds no
// personal data.
ReadOutcome read_claim_ttl(std::string_view text, Config& config) {
  const auto ttl = parse_duration(text);
  if (!ttl) return std::unexpected(ttl.error());
  if (*ttl < std::chrono::hours(1)) return bad("must be at least 1h");
  config.store.claim_paid_ttl = *ttl;
  return {};
}

ReadOutcome read_durability(std::string_view text, Config& config) {
  // Every possible value is printed and compared, so reading and printing cannot differ.
  for (const bool disk : {false, true}) {
    for (int replicas = 0; replicas <= replicas_max; ++replicas) {
      const Durability durability{.disk = disk, .replicas = replicas};
      if (to_string(durability) != text) continue;
      config.durability = durability;
      return {};
    }
  }
  return bad(fmt::format("must be memory, disk, replicas:N or disk+replicas:N, N from 1 to {}",
                         replicas_max));
}

ReadOutcome read_refunds(std::string_view text, Config& config) {
  // Money moves by this word, so no other spelling is guessed.
  if (text != "auto" && text != "manual") return bad("must be auto or manual");
  config.policy.refunds_automatic = text == "auto";
  return {};
}

ReadOutcome read_register(std::string_view text, Config& config) {
  const auto mode = from_name<RegisterMode>(text);
  if (!mode) return bad("must be strict, eager or off");
  config.policy.register_mode = *mode;
  return {};
}

// A whole number into one member of the breaker's limits.
template <std::int64_t RefundLimits::* member, std::int64_t least, std::int64_t most>
ReadOutcome read_refund_limit(std::string_view text, Config& config) {
  return read_number(text, least, most, config.store.refunds.*member);
}

ReadOutcome read_patience(std::string_view text, Config& config) {
  const auto patience = parse_patience(text);
  if (!patience) return std::unexpected(patience.error());
  config.policy.generator_patience = *patience;
  return {};
}

ReadOutcome read_further(std::string_view text, Config& config) {
  std::int64_t further = 0;
  const ReadOutcome read = read_number(text, 0, further_generations_max, further);
  // People count the further ones, the order machine counts all of them.
  if (read) config.policy.generations_max = 1 + further;
  return read;
}

ReadOutcome read_further_per_day(std::string_view text, Config& config) {
  return read_number(text, 0, 1'000'000, config.store.generator.again_per_day);
}

ReadOutcome read_alert_after(std::string_view text, Config& config) {
  const auto after = parse_duration(text);
  if (!after) return std::unexpected(after.error());
  if (*after > std::chrono::hours(24)) return bad("must be 24h at the most");
  config.alert_times.after = *after;
  return {};
}

ReadOutcome read_balance_low(std::string_view text, Config& config) {
  return read_number(text, 0, 1'000'000'000, config.balance_low);
}

ReadOutcome read_token(std::string_view text, Config& config) {
  // A short token could be guessed within the limit of wrong tokens.
  if (text.size() < operator_token_bytes_min) {
    return bad(fmt::format("must be at least {} characters long", operator_token_bytes_min));
  }
  config.admin_token = Secret(std::string(text));
  return {};
}

ReadOutcome read_log_format(std::string_view text, Config& config) {
  if (text != "auto" && text != "json" && text != "text") return bad("must be auto, json or text");
  config.log_format = text;
  return {};
}

ReadOutcome read_log_level(std::string_view text, Config& config) {
  constexpr std::array<std::string_view, 5> levels = {"debug", "info", "warn", "error", "off"};
  if (std::ranges::find(levels, text) == levels.end()) {
    return bad("must be debug, info, warn, error or off");
  }
  config.log_level = text;
  return {};
}

// No limit in practice, and far from an overflow of sums in Redis.
constexpr std::int64_t many = 1'000'000'000'000;

// Names, defaults and meanings for people. The default values themselves are those of the types in
// Config.
constexpr std::array<Setting, 74> table = {{
    {"REDIS_URL", "embedded",
     "redis://…, rediss://…, unix://… or redis-sentinel://…; unset = an own private Redis",
     read_redis_url},
    {"CLAIMCHECK_REDIS_SENTINEL_USER", "default", "the user that Sentinels know us by",
     read_sentinel_user},
    {"CLAIMCHECK_REDIS_SENTINEL_PASSWORD", "none", "the password for Sentinels",
     read_sentinel_password},
    {"CLAIMCHECK_REDIS_CA_FILE", "the system's",
     "authorities that a rediss:// server is trusted by", read_redis_tls<&RedisTls::ca_file>},
    {"CLAIMCHECK_REDIS_CERT_FILE", "none", "the certificate that is shown to it, with its chain",
     read_redis_tls<&RedisTls::certificate_file>},
    {"CLAIMCHECK_REDIS_KEY_FILE", "none", "the key of that certificate",
     read_redis_tls<&RedisTls::key_file>},
    {"CLAIMCHECK_REDIS_SERVER_NAME", "the host", "the name that its certificate must have",
     read_redis_tls<&RedisTls::server_name>},
    {"CLAIMCHECK_DATA_DIR", "./claimcheck-data", "where the embedded Redis keeps its files",
     read_text<&Config::data_dir>},
    {"STRIPE_SECRET_KEY", "–", "Stripe's secret or restricted key", read_stripe_key},
    {"STRIPE_WEBHOOK_SECRET", "–", "signing secret of the webhook endpoint; several with commas",
     read_webhook_secrets},
    {"STRIPE_ACCOUNT", "–", "the connected account to sell for, acct_…, by Stripe Connect",
     read_stripe_account},
    {"STRIPE_API_URL", "https://api.stripe.com", "where Stripe's API is", read_stripe_url},
    {"CLAIMCHECK_STRIPE_CALLS_PER_SECOND", "20",
     "calls to Stripe of all processes: live at each endpoint, with a test key together; its limit "
     "is 25",
     read_stripe_pace},
    {"STRIPE_PRICE_IDS", "–",
     "what is for sale: price_x[:tool slug[:videos per quantity]],…; a price again for each "
     "further "
     "tool, the slug * for any",
     read_prices},
    {"SUPERDUPERAI_URL", "https://editor.superduperai.co", "where the generator is",
     read_generator_url},
    {"SUPERDUPERAI_TOKEN", "–", "the generator's token", read_generator_token},
    {"SUPERDUPERAI_MODEL", "google-cloud/veo3-text2video", "the generator's text-to-video model",
     read_default_model},
    {"CLAIMCHECK_GENERATOR_PATIENCE", "24h",
     "how long after its payment an order waits for a generator that is away; then it is refunded",
     read_patience},
    {"CLAIMCHECK_FURTHER_GENERATIONS", "1", "how often a video that failed is generated again",
     read_further},
    {"CLAIMCHECK_FURTHER_GENERATIONS_PER_DAY", "50", "how many of those a day, of all orders",
     read_further_per_day},
    {"CLAIMCHECK_POSSIBLE_DOUBLES", "1",
     "how often a submit without an answer is repeated where the generator cannot be asked",
     read_possible_doubles},
    {"CLAIMCHECK_FALLBACK_AFTER", "5m",
     "a generator that takes no orders for so long is left for the next one of the tool",
     read_fallback_after},
    {"CLAIMCHECK_WORKERS", "1", "processes that serve; several need a REDIS_URL", read_workers},
    {"CLAIMCHECK_WORKER_LISTEN", "off",
     "address of the first worker alone, for its metrics; the next port is the second one's",
     read_worker_listen},
    {"CLAIMCHECK_LISTEN", "127.0.0.1:8080", "address and port to serve on; port 0 = a free one",
     read_listen},
    {"CLAIMCHECK_PUBLIC_URL", "http://<listen>", "how buyers reach this server", read_public_url},
    {"CLAIMCHECK_SUCCESS_URL", "<public>/payment-success/{CHECKOUT_SESSION_ID}",
     "where Stripe sends the buyer after paying", read_page_url<&Config::success_url>},
    {"CLAIMCHECK_CANCEL_URL", "<public>/left", "where Stripe's back link leads",
     read_page_url<&Config::cancel_url>},
    {"CLAIMCHECK_SESSION_TTL", "30d", "life of an order's data after its last write", read_ttl},
    {"CLAIMCHECK_CLAIM_TTL", "400d",
     "life of what was paid and what became of it, without prompt and address", read_claim_ttl},
    {"CLAIMCHECK_DURABILITY", "disk when Redis can, else memory",
     "where a write is before it is answered: memory, disk, replicas:N, disk+replicas:N",
     read_durability},
    {"CLAIMCHECK_EPOCH", "any", "refuse any other Redis than this; claimcheck doctor tells it",
     read_text<&Config::epoch>},
    {"CLAIMCHECK_REFUNDS", "auto", "auto, or manual: what cannot be made is held for a person",
     read_refunds},
    {"CLAIMCHECK_OUTCOME_REGISTER", "strict",
     "outcomes are kept in Stripe: strict = before they are shown, eager = right after, or off",
     read_register},
    {"CLAIMCHECK_REFUNDS_PER_HOUR", "20", "automatic refunds in an hour; one more stops them",
     read_refund_limit<&RefundLimits::per_hour, 0, many>},
    {"CLAIMCHECK_REFUNDS_PER_DAY", "100", "likewise in a day",
     read_refund_limit<&RefundLimits::per_day, 0, many>},
    {"CLAIMCHECK_REFUND_AMOUNT_PER_HOUR", "100000",
     "likewise their sum, in the smallest unit of each currency",
     read_refund_limit<&RefundLimits::amount_per_hour_minor, 0, many>},
    {"CLAIMCHECK_REFUND_SHARE", "50",
     "likewise their share of an hour's videos, in percent, from 10 refunds on",
     read_refund_limit<&RefundLimits::share_percent, 0, 100>},
    {"CLAIMCHECK_ADMIN_TOKEN", "off", "bearer token of the operator's routes", read_token},
    {"CLAIMCHECK_OPERATORS", "none",
     "operators by name: name:role:token,…; the role is read or act", read_operators},
    {"CLAIMCHECK_SHOP_KEY", "off",
     "only checkouts that the shop signed are opened: whsec_<base64>; two while one is replaced",
     read_shop_keys},
    {"CLAIMCHECK_TURNSTILE_SECRET", "off",
     "a checkout needs a token of Cloudflare Turnstile, unless the shop signed it",
     read_turnstile_secret},
    {"CLAIMCHECK_TURNSTILE_URL", "https://challenges.cloudflare.com/turnstile/v0/siteverify",
     "where tokens of Turnstile are verified", read_turnstile_url},
    {"CLAIMCHECK_SCREENING_WORDS", "off",
     "a file of words that no prompt may have, one word or phrase a line", read_screening_words},
    {"CLAIMCHECK_SCREENING_URL", "off",
     "where the shop is asked about each prompt before its payment: https://…", read_screening_url},
    {"CLAIMCHECK_SCREENING_SECRET", "–",
     "signs what it is asked: whsec_<base64>; two while one is rolled", read_screening_secret},
    {"CLAIMCHECK_SCREENING_TIMEOUT", "5s", "how long it may take to answer",
     read_screening_timeout},
    {"CLAIMCHECK_SCREENING_SILENT", "refuse", "refuse or allow the prompt when it does not answer",
     read_screening_silent},
    {"CLAIMCHECK_PROMPT_EDITS", "0",
     "how often a buyer may replace a paid prompt that the generator refused", read_prompt_edits},
    {"CLAIMCHECK_PROMPT_EDIT_TIME", "24h", "how long the buyer has for it; then it is refunded",
     read_prompt_edit_time},
    {"CLAIMCHECK_PAUSE_DECLINES", "20",
     "so many declined cards within the window pause the checkout; 0 = never", read_pause_declines},
    {"CLAIMCHECK_PAUSE_WINDOW", "10m", "the time in which declined cards are counted",
     read_pause_window},
    {"CLAIMCHECK_PAUSE_QUIET", "30m",
     "so long after the last moment with so many declines that pause ends", read_pause_quiet},
    {"CLAIMCHECK_CORS_ORIGINS", "none", "web origins that may call the API, with commas",
     read_origins},
    {"CLAIMCHECK_TRUSTED_PROXIES", "none", "addresses whose X-Forwarded-For is believed",
     read_proxies},
    {"CLAIMCHECK_LOG_LEVEL", "info", "debug, info, warn, error or off", read_log_level},
    {"CLAIMCHECK_LOG_FORMAT", "auto",
     "json = a JSON object a line, text = lines for people, auto = text on a terminal",
     read_log_format},
    {"CLAIMCHECK_NOTIFY_URL", "off", "where the shop is told how orders end: https://…",
     read_notify_url},
    {"CLAIMCHECK_NOTIFY_SECRET", "–",
     "signs what it is told: whsec_<base64>; two while one is rolled", read_notify_secrets},
    {"CLAIMCHECK_SMTP_URL", "off", "sends mail to buyers: smtp://user:password@host:587, smtps://…",
     read_smtp_url},
    {"CLAIMCHECK_MAIL_FROM", "–", "who the mails are from: an address, or Name <address>",
     read_mail_from},
    {"CLAIMCHECK_MAIL_REPLY_TO", "none", "where answers to them go", read_mail_reply_to},
    {"CLAIMCHECK_OPERATOR_MAIL", "off",
     "who is mailed when a person is needed: addresses, with commas", read_operator_mail},
    {"CLAIMCHECK_ALERT_AFTER", "5m",
     "how long Stripe, the generator or Redis is away before it is an alert", read_alert_after},
    {"CLAIMCHECK_BALANCE_LOW", "0", "credits of the default generator at which it is an alert",
     read_balance_low},
    {"CLAIMCHECK_STORAGE_URL", "off",
     "the bucket in which results are kept: https://host/bucket or https://bucket.host",
     read_storage_url},
    {"CLAIMCHECK_STORAGE_KEY_ID", "–", "the id of its access key", read_storage_key_id},
    {"CLAIMCHECK_STORAGE_SECRET", "–", "the secret of that key", read_storage_secret},
    {"CLAIMCHECK_STORAGE_REGION", "us-east-1", "the bucket's region", read_storage_region},
    {"CLAIMCHECK_STORAGE_PREFIX", "claimcheck/", "what the names of all its objects begin with",
     read_storage_prefix},
    {"CLAIMCHECK_STORAGE_PUBLIC_URL", "none",
     "where everybody may read the bucket; without it buyers get links that end",
     read_storage_public_url},
    {"CLAIMCHECK_STORAGE_LINK_LIFE", "1h", "how long such a link lives", read_storage_link_life},
    {"CLAIMCHECK_STORAGE_DAYS", "0", "so old a result is deleted; 0 = never", read_storage_days},
    {"CLAIMCHECK_STORAGE_RESULT_MAX_MB", "4096", "a larger result is not kept",
     read_storage_result_max},
}};

}  // namespace

std::span<const Setting> settings() { return table; }

std::string file_key(std::string_view environment) {
  constexpr std::string_view prefix = "CLAIMCHECK_";
  // Our own prefix says nothing in our own file; names of other programs stay whole.
  if (environment.starts_with(prefix)) environment.remove_prefix(prefix.size());
  std::string key(environment);
  // By hand, since std::tolower depends on the locale.
  std::ranges::transform(key, key.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return key;
}

std::string flag_name(std::string_view environment) {
  std::string name = "--" + file_key(environment);
  // As people type flags; the file and the environment use underscores.
  std::ranges::replace(name, '_', '-');
  return name;
}

}  // namespace claimcheck
