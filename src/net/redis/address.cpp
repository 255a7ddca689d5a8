#include "net/redis/redis.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <iterator>
#include <memory>
#include <optional>
#include <sys/un.h>
#include <utility>

namespace claimcheck {

namespace {

constexpr std::size_t url_bytes_max = 4096;
constexpr std::uint16_t redis_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;
constexpr std::size_t socket_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

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

Result<int> database(std::string_view text) {
  const auto db = number<unsigned short>(text);
  if (!db) return refuse("after the host only a database number may stand, as in /0");
  return *db;
}

Result<RedisPlace> read_place(const Url& url, std::uint16_t usual_port) {
  const auto host = part(url, CURLUPART_HOST, "host");
  if (!host) return fail(host);
  RedisPlace place{.host = host->value_or(""), .port = usual_port};
  if (place.host.starts_with('[')) place.host = place.host.substr(1, place.host.size() - 2);
  if (place.host.empty()) return refuse("the host is missing");
  const auto port = part(url, CURLUPART_PORT, "port");
  if (!port) return fail(port);
  if (!*port) return place;
  const auto value = number<std::uint16_t>(**port);
  if (!value || *value == 0) return refuse("the port must be 1 to 65535");
  place.port = *value;
  return place;
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

// "user:password@host:port" of one server; `path` gets what follows, without the first slash.
Result<RedisPlace> read_server(std::string_view text, std::uint16_t usual_port,
                               RedisAddress& address, std::string& path) {
  const Url url(curl_url());
  const CURLUcode code = curl_url_set(
      url.get(), CURLUPART_URL, fmt::format("redis://{}", text).c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return refuse(reason(code));
  const auto query = part(url, CURLUPART_QUERY, "query");
  const auto fragment = part(url, CURLUPART_FRAGMENT, "fragment");
  if (!query || *query || !fragment || *fragment) {
    return refuse("\"?\" and \"#\" are not allowed; percent-encode them in the password");
  }
  const Result<void> credentials = read_credentials(url, address);
  if (!credentials) return fail(credentials);
  auto after = part(url, CURLUPART_PATH, "path");
  if (!after) return fail(after);
  path = after->value_or("/").substr(1);
  return read_place(url, usual_port);
}

Result<RedisAddress> read_one(std::string_view text) {
  RedisAddress address;
  std::string path;
  auto place = read_server(text, redis_port, address, path);
  if (!place) return fail(place);
  address.place = std::move(*place);
  if (path.empty()) return address;
  const Result<int> db = database(path);
  if (!db) return fail(db);
  address.db = *db;
  return address;
}

Result<RedisAddress> read_socket(std::string_view text) {
  RedisAddress address;
  std::string path;
  // libcurl wants a host.
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto login =
      read_server(fmt::format("{}unix", text.substr(0, slash)), redis_port, address, path);
  if (!login) return fail(login);
  if (login->host != "unix")
    return refuse("three slashes begin a path, as in unix:///run/redis.sock");
  const std::size_t query = text.find("?db=");
  if (query != text.npos) {
    const Result<int> db = database(text.substr(query + 4));
    if (!db) return refuse("after ?db= only a database number may stand");
    address.db = *db;
  }
  address.place.socket = text.substr(slash, query == text.npos ? query : query - slash);
  if (address.place.socket.size() < 2) return refuse("the path of the socket is missing");
  if (address.place.socket.size() > socket_bytes_max) {
    return refuse(fmt::format("the path of a socket has at most {} bytes", socket_bytes_max));
  }
  return address;
}

Result<RedisAddress> read_sentinels(std::string_view text) {
  RedisAddress address;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view authority = text.substr(0, slash);
  const std::size_t at = authority.rfind('@');
  const std::string_view login = at == authority.npos ? "" : authority.substr(0, at + 1);
  std::string_view hosts = authority.substr(login.size());
  while (true) {
    const std::size_t comma = std::min(hosts.find(','), hosts.size());
    std::string path;
    auto place = read_server(fmt::format("{}{}", login, hosts.substr(0, comma)), sentinel_port,
                             address, path);
    if (!place) return fail(place);
    address.sentinels.push_back(std::move(*place));
    if (comma == hosts.size()) break;
    hosts.remove_prefix(comma + 1);
  }
  const std::string_view path = text.substr(std::min(slash + 1, text.size()));
  const std::size_t end = std::min(path.find('/'), path.size());
  address.primary = path.substr(0, end);
  const bool usual = std::ranges::all_of(address.primary, [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '.' || each == '-' || each == '_';
  });
  if (address.primary.empty() || !usual) {
    return refuse("after the Sentinels must stand the primary's name, as in /mymaster");
  }
  if (end + 1 >= path.size()) return address;
  const Result<int> db = database(path.substr(end + 1));
  if (!db) return fail(db);
  address.db = *db;
  return address;
}

struct Scheme {
  std::string_view begin;
  bool tls;
  Result<RedisAddress> (*read)(std::string_view text);
};
constexpr std::array<Scheme, 5> schemes = {{{"redis://", false, read_one},
                                            {"rediss://", true, read_one},
                                            {"unix://", false, read_socket},
                                            {"redis-sentinel://", false, read_sentinels},
                                            {"rediss-sentinel://", true, read_sentinels}}};

}  // namespace

Result<RedisAddress> RedisAddress::parse(std::string_view text) {
  const auto scheme = std::ranges::find_if(
      schemes, [text](const Scheme& each) { return text.starts_with(each.begin); });
  if (scheme == schemes.end()) {
    return refuse(
        "must start with redis:// or rediss:// (TLS), unix://, redis-sentinel:// or "
        "rediss-sentinel://, as in redis://127.0.0.1:6379");
  }
  if (text.size() > url_bytes_max) return refuse("it is longer than 4096 bytes");
  // libcurl reads up to the first NUL, and would ignore the rest without an error.
  if (text.find('\0') != text.npos) return refuse("it has a NUL byte");
  auto address = scheme->read(text.substr(scheme->begin.size()));
  if (address) address->tls = scheme->tls;
  return address;
}

std::string text_of(const RedisPlace& place) {
  if (!place.socket.empty()) return place.socket;
  const bool v6 = place.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", place.host, v6 ? "]" : "", place.port);
}

std::string text_of(const RedisAddress& address) {
  if (address.sentinels.empty()) return text_of(address.place);
  std::string all;
  for (const RedisPlace& each : address.sentinels) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", text_of(each));
  }
  return fmt::format("{} (primary {})", all, address.primary);
}

}  // namespace claimcheck
