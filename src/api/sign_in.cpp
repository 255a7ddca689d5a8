#include "api/sign_in.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace claimcheck {

namespace {

// The cookie's key is derived: a leaked key would not reveal the token. The number allows a new
// form of cookie.
constexpr std::string_view key_purpose = "claimcheck operator cookie 2";

// What is signed of a cookie, and stands in it.
std::string cookie_text(std::string_view ends, std::string_view name) {
  return fmt::format("{}.{}", ends, name);
}

// The text before the next separator, without blanks around it. `rest` keeps what follows.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  while (part.starts_with(' ')) part.remove_prefix(1);
  while (part.ends_with(' ')) part.remove_suffix(1);
  return part;
}

// A time in whole seconds; 0 = no number, which is long past.
std::int64_t seconds_in(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return failed == std::errc() && end == text.data() + text.size() ? seconds : 0;
}

}  // namespace

SignIn::SignIn(std::vector<Operator> operators, std::string public_url)
    : public_url_(std::move(public_url)) {
  for (Operator& who : operators) {
    Secret key(hmac_sha256_hex(who.token.reveal(), key_purpose));
    known_.push_back({.who = std::move(who), .cookie_key = std::move(key)});
  }
}

bool SignIn::is_json(const HttpRequest& request) {
  const std::string* type = find_header(request.headers, "content-type");
  if (type == nullptr) return false;
  std::string_view rest = *type;
  return lowercase(next_part(rest, ';')) == "application/json";
}

// Every token is compared, also after the right one: the time tells nothing about whose it is.
const Operator* SignIn::of_token(std::string_view given) const {
  const Operator* found = nullptr;
  for (const Known& known : known_) {
    // An empty one must not match.
    const bool same = same_text(given, known.who.token.reveal());
    if (same && !given.empty()) found = &known.who;
  }
  return found;
}

const Operator* SignIn::of_bearer(const HttpRequest& request) const {
  constexpr std::string_view scheme = "Bearer ";
  const std::string* given = find_header(request.headers, "authorization");
  if (given == nullptr || !given->starts_with(scheme)) return nullptr;
  return of_token(std::string_view(*given).substr(scheme.size()));
}

const Operator* SignIn::of_cookie(const HttpRequest& request, Time now) const {
  for (const HttpHeader& header : request.headers) {
    // A browser may send several cookie headers, and other cookies of this host in them.
    if (header.name != "cookie") continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      std::string_view pair = next_part(rest, ';');
      if (next_part(pair, '=') != operator_cookie) continue;
      if (const Operator* who = of_cookie_value(pair, now)) return who;
    }
  }
  return nullptr;
}

// Browsers name the origin of a request in Sec-Fetch-Site, older ones in Origin. A script can set
// neither. The content type keeps plain forms out, even where both headers are missing.
bool SignIn::from_our_page(const HttpRequest& request) const {
  // First of all: without it a plain form of any site could send this request.
  if (!is_json(request)) return false;
  const std::string* site = find_header(request.headers, "sec-fetch-site");
  if (site != nullptr) return *site == "same-origin";
  const std::string* origin = find_header(request.headers, "origin");
  const std::string* host = find_header(request.headers, "host");
  if (origin == nullptr) return false;
  if (*origin == public_url_) return true;
  // Behind a proxy the scheme that the browser used is not known here, so both are accepted.
  return host != nullptr && (*origin == "https://" + *host || *origin == "http://" + *host);
}

std::string SignIn::cookie(const Operator& who, Time now) const {
  // The end is in the value and signed: a browser's own Max-Age can be changed by its user.
  const std::string text = cookie_text(fmt::to_string(to_unix_s(now + signed_in_max)), who.name);
  std::string signature;
  for (const Known& known : known_) {
    if (known.who.name == who.name) signature = hmac_sha256_hex(known.cookie_key.reveal(), text);
  }
  const auto life_s = std::chrono::duration_cast<std::chrono::seconds>(signed_in_max).count();
  return fmt::format("{}={}.{}{}", operator_cookie, text, signature,
                     attributes(fmt::to_string(life_s)));
}

std::string SignIn::no_cookie() const {
  return fmt::format("{}={}", operator_cookie, attributes("0"));
}

const Operator* SignIn::of_cookie_value(std::string_view value, Time now) const {
  const std::string_view ends = next_part(value, '.');
  const std::string_view name = next_part(value, '.');
  for (const Known& known : known_) {
    if (known.who.name != name) continue;
    const std::string good = hmac_sha256_hex(known.cookie_key.reveal(), cookie_text(ends, name));
    // The signature first, so the time in it is one that we wrote.
    if (same_text(value, good) && seconds_in(ends) > to_unix_s(now)) return &known.who;
  }
  return nullptr;
}

std::string SignIn::attributes(std::string_view max_age) const {
  // A Secure cookie is not sent over http, where a person tries this out on one machine.
  const bool secure = public_url_.starts_with("https://");
  return fmt::format("; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", max_age,
                     secure ? "; Secure" : "");
}

}  // namespace claimcheck
