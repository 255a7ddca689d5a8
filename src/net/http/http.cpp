#include "net/http/http.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

boost::asio::awaitable<Result<std::string>> taken(std::shared_ptr<std::string> whole) {
  co_return std::exchange(*whole, {});
}

}  // namespace

const std::string* find_header(const HttpHeaders& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &HttpHeader::name);
  return found == headers.end() ? nullptr : &found->value;
}

std::string joined_headers(const HttpHeaders& headers, std::string_view name) {
  std::string list;
  for (const HttpHeader& header : headers) {
    if (header.name == name) list += (list.empty() ? "" : ",") + header.value;
  }
  return list;
}

std::size_t count_headers(const HttpHeaders& headers, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count(headers, name, &HttpHeader::name));
}

std::string_view next_of(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

boost::asio::awaitable<Result<HttpDownload>> HttpClient::open(HttpCall call) {
  Result<HttpResponse> answer = co_await send(std::move(call));
  if (!answer) co_return fail(answer);
  const auto whole = std::make_shared<std::string>(std::move(answer->body));
  co_return HttpDownload{.status = answer->status,
                         .headers = std::move(answer->headers),
                         .read = [whole] { return taken(whole); }};
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 15U];
  }
  return encoded;
}

std::string web_address(std::string_view text) {
  const std::size_t scheme_end = std::min(text.find("://"), text.size());
  const std::string scheme = lowercase(text.substr(0, scheme_end));
  // Only the scheme may be in any case; the rest keeps its spelling.
  if (scheme_end == text.size() || (scheme != "http" && scheme != "https")) return {};
  return scheme + std::string(text.substr(scheme_end));
}

std::string_view url_authority(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  url.remove_prefix(scheme_end + 3);
  return url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
}

std::string url_decode(std::string_view text, bool plus_is_space) {
  // Most texts have nothing to decode.
  std::size_t i = text.find_first_of(plus_is_space ? "%+" : "%");
  std::string decoded(text.substr(0, i));
  for (; i < text.size(); ++i) {
    // A percent sign without two hex digits is kept as it is.
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (escape) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string escape_html(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::optional<std::string> form_value(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const std::size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (url_decode(pair.substr(0, equals), true) != name) continue;
    return url_decode(pair.substr(std::min(equals + 1, pair.size())), true);
  }
  return std::nullopt;
}

}  // namespace claimcheck
