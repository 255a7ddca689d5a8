// Config: all settings, from a TOML file, the environment and flags (weakest first), with one table
// behind all three. Unknown keys, unreadable values and missing secrets end the start, with one
// clear line for each. Only app/ sees the whole Config; every other part of the program gets small
// options of its own.
#pragma once

#include "base/secret.hpp"
#include "domain/alert.hpp"
#include "domain/catalog.hpp"
#include "domain/operators.hpp"
#include "domain/order_machine.hpp"
#include "domain/shop_face.hpp"
#include "flow/screening.hpp"
#include "flow/session_options.hpp"
#include "flow/stripe_pace.hpp"
#include "flow/turnstile.hpp"
#include "generator/generators.hpp"
#include "net/http/ip_ranges.hpp"
#include "net/redis/redis.hpp"
#include "net/smtp/client.hpp"
#include "notify/buyer_mail.hpp"
#include "notify/shop_webhook.hpp"
#include "storage/storage.hpp"
#include "store/limits.hpp"
#include "stripe/client.hpp"

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

// Where a write must be before it is answered. `disk`: on the server's disk.
struct Durability {
  bool disk = false;
  int replicas = 0;  // so many of them must have it
  bool operator==(const Durability&) const = default;
};
inline constexpr int replicas_max = 9;
inline constexpr int workers_max = 64;
std::string to_string(Durability durability);  // "memory", "disk", "replicas:1", "disk+replicas:1"

inline constexpr std::size_t operator_mails_max = 10;

struct Config {
  std::string redis_url;  // empty = embedded
  RedisLogin redis_sentinel_login;
  RedisTls redis_tls;
  std::string data_dir = "./claimcheck-data";
  stripe::Options stripe;
  StripePaceOptions stripe_pace;
  std::vector<Secret> webhook_secrets;
  GeneratorOptions superduperai = {.name = "superduperai",
                                   .url = std::string(default_url(GeneratorKind::superduperai))};
  std::vector<GeneratorOptions> generators;  // further ones, from the file only
  std::string listen = "127.0.0.1:8080";
  int workers = 1;            // processes that serve; 1 = this one alone
  std::string worker_listen;  // of the first one alone; the next ones have the next ports
  std::string public_url;     // empty = http://<listen>
  std::string success_url;    // empty = <public>/payment-success/{CHECKOUT_SESSION_ID}
  std::string cancel_url;     // empty = <public>/left
  StoreLimits store;
  std::optional<Durability> durability;  // nothing = disk if Redis can, else memory
  std::string epoch;                     // of the one Redis to serve on; empty = any
  Policy policy;
  Secret admin_token;
  std::vector<Operator> operators;  // by name, besides that token
  std::vector<Secret> shop_keys;    // that sign checkouts; none = nobody needs to
  TurnstileOptions turnstile;       // without a secret it is off
  ScreeningOptions screening;       // without words and a URL it is off
  std::vector<std::string> cors_origins;
  IpRanges trusted_proxies;
  std::string log_level = "info";
  std::string log_format = "auto";
  Catalog catalog;
  SessionOptionsByTool checkout;    // from the file only
  ShopFace shop;                    // likewise
  StorageOptions storage;           // without a URL no results are kept
  ShopWebhookOptions shop_webhook;  // without a URL it is off
  SmtpServer smtp;                  // without a URL no mail is sent
  BuyerMailOptions buyer_mail;
  std::vector<std::string> operator_mail;  // addresses that alerts are mailed to
  AlertTimes alert_times;
  std::int64_t balance_low = 0;  // credits of the generator at which it is an alert; 0 = not read
};

// The sources of settings besides the file. Flags are "--listen=…" or "--listen …".
struct ConfigSources {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value", as the system has it
};

struct ConfigErrors {
  std::vector<std::string> lines;
};

// `for_serving`: also demands what only the server needs (keys, prices). Errors: one line for each
// mistake, all of them at once; no line holds a secret.
std::expected<Config, ConfigErrors> load_config(const ConfigSources& sources, bool for_serving);

// Everybody who may use the operator's routes: CLAIMCHECK_ADMIN_TOKEN's owner first.
std::vector<Operator> all_operators(const Config& config);

// One line per setting: flag, environment name, default, meaning. For --help.
struct SettingInfo {
  std::string flag;
  std::string environment;
  std::string default_text;
  std::string meaning;
};
std::vector<SettingInfo> setting_infos();

// Every configured generator: the built-in one first, if it has a token.
std::vector<GeneratorOptions> all_generators(const Config& config);

}  // namespace claimcheck
