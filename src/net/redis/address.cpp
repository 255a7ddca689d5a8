#include "net/redis/redis.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>

namespace claimcheck {

namespace {

constexpr std::size_t url_bytes_max = 4096;

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlFree>;

struct TextFree {
  void operator()(char* text) const { curl_free(text); }
};

// Only fixed texts and reasons of the parser, no part of the URL: it holds a password.
std::unexpected<Error> refuse(std::string_view why) {
  return fail(Errc::invalid, std::string(why));
}

// A part of the URL, decoded; nothing when the URL does not have it.
Result<std::optional<std::string>> part(const Url& url, CURLUPart which, const char* name) {
  char* text = nullptr;
  const unsigned flags = which == CURLUPART_HOST ? 0U : unsigned{CURLU_URLDECODE};
  const CURLUcode code = curl_url_get(url.get(), which, &text, flags);
  const std::unique_ptr<char, TextFree> owned(text);
  if (code == CURLUE_OK) return std::string(text);
  if (code == CURLUE_URLDECODE) {
    return refuse(fmt::format("the {} has a percent sequence that is not allowed", name));
  }
  return std::nullopt;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<void> read_credentials(const Url& url, RedisAddress& address) {
  auto user = part(url, CURLUPART_USER, "user");
  if (!user) return fail(user);
  auto password = part(url, CURLUPART_PASSWORD, "password");
  if (!password) return fail(password);
  address.user = user->value_or("");
  address.password = Secret(password->value_or(""));
  // Without this check the connection would be tried, and refused later with a less clear reason.
  if (!address.user.empty() && address.password.empty()) {
    return refuse("there is a user but no password (a password alone is written \":password@\")");
  }
  return {};
}

Result<void> read_database(const Url& url, RedisAddress& address) {
  auto path = part(url, CURLUPART_PATH, "database");
  if (!path) return fail(path);
  const std::string text = path->value_or("/");
  if (text == "/") return {};
  const auto db = number<unsigned short>(std::string_view(text).substr(1));
  if (!db) return refuse("after the host only a database number may stand, as in /0");
  address.db = *db;
  return {};
}

Result<void> read_place(const Url& url, RedisAddress& address) {
  const auto host = part(url, CURLUPART_HOST, "host");
  if (!host) return fail(host);
  address.host = host->value_or("");
  if (address.host.starts_with('[')) address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty()) return refuse("the host is missing");
  const auto port = part(url, CURLUPART_PORT, "port");
  if (!port) return fail(port);
  if (!*port) return {};
  const auto value = number<std::uint16_t>(**port);
  if (!value || *value == 0) return refuse("the port must be 1 to 65535");
  address.port = *value;
  return {};
}

std::string_view reason(CURLUcode code) {
  switch (code) {
    case CURLUE_BAD_PORT_NUMBER:
      return "the port must be 1 to 65535; percent-encode special characters in the password";
    case CURLUE_NO_HOST: return "the host is missing";
    case CURLUE_BAD_HOSTNAME: return "the host name has characters that are not allowed";
    case CURLUE_BAD_IPV6: return "the IPv6 address in brackets is not one";
    default: return "it cannot be read; percent-encode special characters in the password";
  }
}

}  // namespace

Result<RedisAddress> RedisAddress::parse(std::string_view text) {
  RedisAddress address;
  address.tls = text.starts_with("rediss://");
  if (!address.tls && !text.starts_with("redis://")) {
    return refuse("must start with redis:// or rediss://, as in redis://127.0.0.1:6379");
  }
  if (text.size() > url_bytes_max) return refuse("it is longer than 4096 bytes");
  // libcurl reads up to the first NUL, and would ignore the rest without an error.
  const std::string copy(text);  // null-terminated
  if (copy.find('\0') != std::string::npos) return refuse("it has a NUL byte");
  const Url url(curl_url());
  const CURLUcode code =
      curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return refuse(reason(code));
  const auto query = part(url, CURLUPART_QUERY, "query");
  const auto fragment = part(url, CURLUPART_FRAGMENT, "fragment");
  if (!query || *query || !fragment || *fragment) {
    return refuse("\"?\" and \"#\" are not allowed; percent-encode them in the password");
  }
  for (const auto read : {read_credentials, read_place, read_database}) {
    const Result<void> done = read(url, address);
    if (!done) return fail(done);
  }
  return address;
}

}  // namespace claimcheck
