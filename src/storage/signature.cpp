#include "storage/signature.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace claimcheck {

namespace {

std::string hmac(std::string_view key, std::string_view data) {
  std::optional<std::string> bytes = from_hex(hmac_sha256_hex(key, data));
  ENSURE(bytes.has_value());
  return std::move(*bytes);
}

// "20130524/us-east-1/s3/aws4_request"
std::string scope_of(const StorageKey& key, std::string_view day) {
  return fmt::format("{}/{}/s3/aws4_request", day, key.region);
}

}  // namespace

std::string encode_path(std::string_view path) {
  std::string encoded;
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    encoded += url_encode(path.substr(0, end));
    if (end == path.size()) return encoded;
    encoded += '/';
    path.remove_prefix(end + 1);
  }
}

std::string encode_query(QueryParameters parameters) {
  std::ranges::sort(parameters);
  std::string query;
  for (const auto& [name, value] : parameters) {
    query += fmt::format("{}{}={}", query.empty() ? "" : "&", url_encode(name), url_encode(value));
  }
  return query;
}

std::string signature_time(Time time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

std::string request_signature(const StorageKey& key, Time time,
                              std::string_view canonical_request) {
  const std::string moment = signature_time(time);
  const std::string_view day = std::string_view(moment).substr(0, 8);
  const std::string text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", moment, scope_of(key, day),
                                       sha256_hex(canonical_request));
  const std::string day_key = hmac("AWS4" + key.secret.reveal(), day);
  const std::string signing_key = hmac(hmac(hmac(day_key, key.region), "s3"), "aws4_request");
  return hmac_sha256_hex(signing_key, text);
}

std::string signed_link(const StorageKey& key, Time now, LinkRequest link) {
  const std::string moment = signature_time(now);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(link.life).count();
  QueryParameters& parameters = link.parameters;
  parameters.emplace_back("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
  parameters.emplace_back("X-Amz-Credential",
                          key.id + "/" + scope_of(key, std::string_view(moment).substr(0, 8)));
  parameters.emplace_back("X-Amz-Date", moment);
  parameters.emplace_back("X-Amz-Expires", fmt::to_string(seconds));
  parameters.emplace_back("X-Amz-SignedHeaders", "host");
  const std::string query = encode_query(std::move(parameters));
  const std::string_view host = url_authority(link.url);
  const auto path_begin = static_cast<std::size_t>(host.data() - link.url.data()) + host.size();
  const std::string path = link.url.substr(path_begin);
  const std::string canonical = fmt::format("GET\n{}\n{}\nhost:{}\n\nhost\nUNSIGNED-PAYLOAD",
                                            path.empty() ? "/" : path, query, host);
  return fmt::format("{}?{}&X-Amz-Signature={}", link.url, query,
                     request_signature(key, now, canonical));
}

}  // namespace claimcheck
