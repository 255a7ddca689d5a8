#include "net/http/response_head.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace claimcheck {

namespace http = boost::beast::http;

HttpResponse plain_error(int status) {
  struct Words {
    const char* error;
    const char* code;
  };
  Words words = {"this is not a well-formed HTTP request", "malformed_request"};
  if (status == 408) words = {"the request took too long", "request_timeout"};
  if (status == 413) words = {"the body is too large", "body_too_large"};
  if (status == 431) words = {"the header is too large", "header_too_large"};
  if (status == 500) words = {"something went wrong here; try again", "internal"};
  HttpResponse response;
  response.status = status;
  response.headers.push_back({"content-type", "application/json; charset=utf-8"});
  response.headers.push_back({"cache-control", "no-store"});
  response.headers.push_back({"x-content-type-options", "nosniff"});
  response.body = fmt::format(R"({{"error":"{}","code":"{}"}})", words.error, words.code);
  return response;
}

bool well_formed(const HttpHeaders& headers) {
  constexpr std::string_view breaks("\r\n\0", 3);
  return std::ranges::none_of(headers, [breaks](const HttpHeader& header) {
    return header.name.find_first_of(breaks) != std::string::npos ||
           header.value.find_first_of(breaks) != std::string::npos;
  });
}

void print_head(const HttpResponse& response, bool keep_alive, std::string& into) {
  into.clear();
  const auto status = static_cast<unsigned>(response.status);
  const std::string_view reason = http::obsolete_reason(http::int_to_status(status));
  const auto out = std::back_inserter(into);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", status, reason);
  for (const HttpHeader& header : response.headers) {
    into.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  // These answers have no body, and some clients wait for a body when a length is given.
  const bool bodiless = status < 200 || status == 204 || status == 304;
  if (!bodiless && !response.stream)
    fmt::format_to(out, "content-length: {}\r\n", response.text().size());
  into.append(keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n");
}

}  // namespace claimcheck
