#include "net/http_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/status.hpp>
#include <exception>

#include "base/log.hpp"
#include "net/deadline.hpp"
#include "net/request_parser.hpp"

namespace claimcheck {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t head_chunk_bytes = 4 * 1024;
constexpr std::size_t body_chunk_bytes = 64 * 1024;
constexpr Duration write_time = std::chrono::seconds(60);
constexpr Duration linger_time = std::chrono::seconds(1);
constexpr std::size_t linger_bytes = 1024 * 1024;

// How reading a part of a request ended. refused: the parser says why. late: its time was over.
enum class Reading { complete, refused, late, gone };

std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code unknown;
  const asio::ip::address address = socket.remote_endpoint(unknown).address();
  if (unknown) return {};
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
}

HttpResponse plain_error(int status) {
  const char* words = "this is not a well-formed HTTP request";
  if (status == 408) words = "the request took too long";
  if (status == 413) words = "the body is too large";
  if (status == 431) words = "the header is too large";
  if (status == 500) words = "something went wrong here; try again";
  HttpResponse response;
  response.status = status;
  response.headers.push_back({"content-type", "application/json; charset=utf-8"});
  response.body = fmt::format(R"({{"error":"{}"}})", words);
  return response;
}

// A line break in a value would let whoever chose the value write headers of his own.
bool well_formed(const HttpHeaders& headers) {
  constexpr std::string_view breaks("\r\n\0", 3);
  return std::ranges::none_of(headers, [breaks](const HttpHeader& header) {
    return header.name.find_first_of(breaks) != std::string::npos ||
           header.value.find_first_of(breaks) != std::string::npos;
  });
}

void print_head(const HttpResponse& response, bool keep_alive, bool http_1_1, std::string& into) {
  const auto status = static_cast<unsigned>(response.status);
  const std::string_view reason = http::obsolete_reason(http::int_to_status(status));
  const auto out = std::back_inserter(into);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", status, reason);
  for (const HttpHeader& header : response.headers) {
    into.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  const bool bodiless = status < 200 || status == 204 || status == 304;
  if (!bodiless) fmt::format_to(out, "content-length: {}\r\n", response.body.size());
  if (!keep_alive) into.append("connection: close\r\n");
  if (keep_alive && !http_1_1) into.append("connection: keep-alive\r\n");
  into.append("\r\n");
}

}  // namespace

struct HttpConnection::State {
  asio::ip::tcp::socket socket;
  const HttpServerLimits& limits;
  const HttpHandler& handler;
  const std::shared_ptr<Deadline> deadline = std::make_shared<Deadline>(socket);
  const std::string peer = address_of(socket);
  boost::beast::flat_buffer buffer{};
  std::string head{};     // of the answer; kept for its memory
  bool waiting = false;   // between two requests
  bool stopping = false;

  State(asio::ip::tcp::socket s, const HttpServerLimits& l, const HttpHandler& h)
      : socket(std::move(s)), limits(l), handler(h) {}

  asio::awaitable<void> serve();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<Reading> read_head(RequestParser& parser);
  asio::awaitable<Reading> read_body(RequestParser& parser);
  asio::awaitable<bool> fill(std::size_t chunk_bytes);
  asio::awaitable<HttpResponse> ask_handler(HttpRequest request);
  asio::awaitable<bool> write(HttpResponse response, bool head_only, bool keep_alive, bool http_1_1);
  asio::awaitable<void> linger();

  void feed(RequestParser& parser) {
    const auto bytes = buffer.cdata();
    buffer.consume(parser.feed({static_cast<const char*>(bytes.data()), bytes.size()}));
  }
};
