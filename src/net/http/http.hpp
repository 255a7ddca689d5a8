// The plain HTTP types that every layer uses, and HttpClient, the seam to the network. CurlClient
// (client.hpp) sends over the network; the other implementation answers inside the process. Header
// names are lowercase. Bodies are bytes. Nothing here includes a library of the network.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

struct HttpHeader {
  std::string name;
  std::string value;
};
using HttpHeaders = std::vector<HttpHeader>;

// The value of the first header of that (lowercase) name, or null.
const std::string* find_header(const HttpHeaders& headers, std::string_view name);
// The values of all headers of that name, with commas between them: one list on several lines.
std::string joined_headers(const HttpHeaders& headers, std::string_view name);
std::size_t count_headers(const HttpHeaders& headers, std::string_view name);
// The part of such a list before its next separator, without white space; the rest stays.
std::string_view next_of(std::string_view& rest, char separator);

// A request that came in.
struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // as sent: "/api/file/x?a=b"
  std::string path;    // percent-decoded, without the query: "/api/file/x"
  std::string query;   // raw, without "?"
  HttpHeaders headers;
  std::string body;
  std::string peer;  // the address of the other end of the socket, without port
};

// Gives the next piece of a body without a known end, as soon as there is one; null = the end. A
// piece may be shared by many answers.
using HttpStream = std::function<boost::asio::awaitable<std::shared_ptr<const std::string>>()>;

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;
  // Instead of `body`: a text that others hold as well.
  std::shared_ptr<const std::string> shared_body = {};
  // Continues after `body`; the connection ends with it. The next piece is asked for only when the
  // last one is written, so a slow reader delays only itself. It must end when the server stops.
  HttpStream stream = {};

  std::string_view text() const { return shared_body ? *shared_body : body; }
};

// A key of an S3-compatible storage. With it libcurl signs a request (AWS Signature Version 4).
struct StorageKey {
  std::string id;
  Secret secret;
  std::string region;
};

// A request that goes out.
struct HttpCall {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  Duration timeout = std::chrono::seconds(30);     // from start to the last byte
  std::size_t answer_bytes_max = 8 * 1024 * 1024;  // a longer answer is an `ambiguous` error
  bool cut_answer = false;  // instead, its body is cut off there; only the status counts
  // True for requests that must not be sent twice: a kept-alive connection that dies makes the
  // library send again on a new one, so such a request gets a connection of its own.
  bool send_once = false;
  // For URLs that come from outside: not_sent when the address of the host is not public.
  bool public_only = false;
  std::optional<StorageKey> signed_with = {};
};

// An answer whose body is read piece by piece, so that it needs little memory. The transfer ends
// when the last copy of `read` is gone.
struct HttpDownload {
  int status = 0;
  HttpHeaders headers;
  // The next bytes; empty = the end. Errors: ambiguous, the body broke off.
  std::function<boost::asio::awaitable<Result<std::string>>()> read;
};

inline constexpr std::size_t download_ahead_max = 1024 * 1024;

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Any HTTP answer, whatever its status, is a success. Errors: not_sent when the peer cannot
  // have seen the request (no address, no connection), ambiguous for everything later.
  // Redirects are not followed.
  virtual boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) = 0;
  // Returns when the header of the answer is there. At most download_ahead_max bytes are read
  // before they are asked for. `timeout` is for the header, and then for each piece;
  // answer_bytes_max and cut_answer count for nothing. Errors: as above. Not overridden, it is
  // send() with one piece.
  virtual boost::asio::awaitable<Result<HttpDownload>> open(HttpCall call);
};

// application/x-www-form-urlencoded and query strings.
std::string url_encode(std::string_view text);
std::string url_decode(std::string_view text, bool plus_is_space);
// The address with its scheme in lower case; empty = it is not an http or https address.
std::string web_address(std::string_view text);
// The part between scheme and path: "user@host:port" of "https://user@host:port/path".
std::string_view url_authority(std::string_view url);
// For HTML, as text and between quotes.
std::string escape_html(std::string_view text);
// The decoded value of one parameter of a query or form body.
std::optional<std::string> form_value(std::string_view form, std::string_view name);

}  // namespace claimcheck
