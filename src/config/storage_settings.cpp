#include "config/storage_settings.hpp"

#include "base/text.hpp"
#include "net/http/http.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace claimcheck {

namespace {

// Storages refuse a longer life of a signed link.
constexpr Duration link_life_max = std::chrono::days(7);
constexpr std::int64_t days_max = 3650;
constexpr std::int64_t megabyte = 1024 * 1024;
// 10,000 parts are the most that an object may have.
constexpr std::int64_t result_megabytes_max = 10'000 * std::int64_t{part_bytes} / megabyte;

std::string host_of(std::string_view url) {
  std::string_view authority = url_authority(url);
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return lowercase(authority.substr(0, authority.find(':')));
}

bool is_address(const std::string& host, boost::asio::ip::address& address) {
  boost::system::error_code no_address;
  address = boost::asio::ip::make_address(host, no_address);
  return !no_address;
}

bool is_this_machine(const std::string& host) {
  boost::asio::ip::address address;
  return host == "localhost" || (is_address(host, address) && address.is_loopback());
}

// Hosts that serve many buckets: without a path no bucket is named.
bool is_of_all_buckets(const std::string& host) {
  boost::asio::ip::address address;
  const bool account =
      host.ends_with(".r2.cloudflarestorage.com") && std::ranges::count(host, '.') == 3;
  return account || host.starts_with("s3.") || host.starts_with("s3-") || host == "localhost" ||
         is_address(host, address);
}

ReadOutcome read_address(std::string_view text, std::string& url) {
  std::string address = web_address(text);
  if (address.empty() || url_authority(address).empty()) return bad("must begin with https://");
  if (address.find_first_of(" \t\r\n?#@") != std::string::npos) {
    return bad("must not hold spaces, ?, # or @");
  }
  while (address.ends_with('/')) address.pop_back();
  url = std::move(address);
  return {};
}

}  // namespace

ReadOutcome read_storage_url(std::string_view text, Config& config) {
  std::string url;
  const ReadOutcome read = read_address(text, url);
  if (!read) return read;
  const std::string host = host_of(url);
  // Not for the secret, which is never sent, but for the videos and for the links, which whoever
  // reads them may use.
  if (url.starts_with("http://") && !is_this_machine(host)) {
    return bad("must be https://, or http:// to this very machine");
  }
  const std::string_view authority = url_authority(url);
  const bool has_path = authority.data() + authority.size() != url.data() + url.size();
  if (!has_path && is_of_all_buckets(host)) {
    return bad("must name the bucket: https://host/bucket or https://bucket.host");
  }
  config.storage.url = std::move(url);
  return {};
}

ReadOutcome read_storage_key_id(std::string_view text, Config& config) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  // It stands before a slash in each signature.
  if (!plain || text.contains('/')) return bad("must be the id of an access key");
  config.storage.key.id = text;
  return {};
}

ReadOutcome read_storage_secret(std::string_view text, Config& config) {
  config.storage.key.secret = Secret(std::string(text));
  return {};
}

ReadOutcome read_storage_region(std::string_view text, Config& config) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain || text.empty()) return bad("must be a region like eu-central-1, or auto");
  config.storage.key.region = text;
  return {};
}

ReadOutcome read_storage_prefix(std::string_view text, Config& config) {
  constexpr std::size_t prefix_bytes_max = 200;
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  });
  // What is under it is deleted after its days, so it must not be the whole bucket.
  if (!plain || text.size() < 2 || text.size() > prefix_bytes_max || text.starts_with('/') ||
      !text.ends_with('/') || text.contains("//") || text.contains("./")) {
    return bad("must be letters, digits, -, _, . and /, with a / at its end");
  }
  config.storage.prefix = text;
  return {};
}

ReadOutcome read_storage_public_url(std::string_view text, Config& config) {
  return read_address(text, config.storage.public_url);
}

ReadOutcome read_storage_link_life(std::string_view text, Config& config) {
  const auto life = parse_duration(text);
  if (!life) return std::unexpected(life.error());
  if (*life < std::chrono::minutes(1) || *life > link_life_max) return bad("must be from 1m to 7d");
  config.storage.link_life = *life;
  return {};
}

ReadOutcome read_storage_days(std::string_view text, Config& config) {
  std::int64_t days = 0;
  const ReadOutcome read = read_number(text, 0, days_max, days);
  if (read) config.storage.kept_for = std::chrono::days(days);
  return read;
}

ReadOutcome read_storage_result_max(std::string_view text, Config& config) {
  std::int64_t megabytes = 0;
  const ReadOutcome read = read_number(text, 1, result_megabytes_max, megabytes);
  if (read) config.storage.bytes_max = megabytes * megabyte;
  return read;
}

void check_storage(const Config& config, ConfigErrors& errors) {
  const StorageOptions& storage = config.storage;
  const bool url = !storage.url.empty();
  const auto demand = [&errors](bool there, const char* line) {
    if (!there) errors.lines.emplace_back(line);
  };
  demand(!url || !storage.key.id.empty(), "CLAIMCHECK_STORAGE_KEY_ID: not set");
  demand(!url || !storage.key.secret.empty(), "CLAIMCHECK_STORAGE_SECRET: not set");
  // A key without its storage looks like a forgotten setting, and nothing would be kept.
  const bool others = !storage.key.id.empty() || !storage.key.secret.empty() ||
                      !storage.public_url.empty() || storage.kept_for > Duration(0);
  demand(url || !others, "CLAIMCHECK_STORAGE_URL: not set");
}

}  // namespace claimcheck
