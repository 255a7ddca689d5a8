#include "net/http/connection.hpp"

#include "base/log.hpp"
#include "net/http/deadline.hpp"
#include "net/http/request_parser.hpp"
#include "net/http/response_head.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <exception>

namespace claimcheck {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::deferred);
constexpr std::size_t head_chunk_bytes = 4 * 1024;
constexpr std::size_t body_chunk_bytes = 64 * 1024;
// Thousands of connections wait at the same time, and most have sent a large request once.
constexpr std::size_t idle_bytes_max = 16 * 1024;
constexpr Duration write_time = std::chrono::seconds(60);
constexpr Duration linger_time = std::chrono::seconds(1);
constexpr std::size_t linger_bytes = 1024 * 1024;
constexpr Duration swallow_time = std::chrono::seconds(2);
// When no byte comes for so long, the peer has sent everything.
constexpr Duration quiet_time = std::chrono::milliseconds(50);

// How reading a part of a request ended. refused: the parser says why. late: its time was over.
// gone: the peer closed the connection.
enum class Reading { complete, refused, late, gone };

// A socket for both families shows IPv4 peers as ::ffff:1.2.3.4. That prefix is removed: limits are
// counted per address, and one peer must have one spelling.
std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code unknown;
  const asio::ip::address address = socket.remote_endpoint(unknown).address();
  if (unknown) return {};
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
}

}  // namespace

// In a struct of its own, so that the header includes no library of the network.
struct HttpConnection::State {
  asio::ip::tcp::socket socket;
  const Clock& clock;
  const HttpServerLimits& limits;
  const HttpHandler& handler;
  const std::shared_ptr<Deadline> deadline = std::make_shared<Deadline>(socket, clock);
  const std::string peer = address_of(socket);
  boost::beast::flat_buffer buffer{};
  std::string head{};    // of the answer; kept for its memory
  bool waiting = false;  // between two requests
  bool serving = false;  // from the end of a request to the end of its answer
  bool stopping = false;

  State(asio::ip::tcp::socket s, const Clock& c, const HttpServerLimits& l, const HttpHandler& h)
      : socket(std::move(s)), clock(c), limits(l), handler(h) {}

  asio::awaitable<void> serve();
  asio::awaitable<bool> serve_request(HttpStream& stream);
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<Reading> read_head(RequestParser& parser);
  asio::awaitable<Reading> read_body(RequestParser& parser);
  asio::awaitable<bool> fill(std::size_t chunk_bytes);
  asio::awaitable<HttpResponse> ask_handler(HttpRequest request);
  asio::awaitable<bool> write(const HttpResponse& response, bool head_only, bool keep_alive);
  asio::awaitable<void> write_stream(HttpStream next);
  asio::awaitable<void> refuse(int status);
  asio::awaitable<void> swallow();
  asio::awaitable<void> linger();

  // The bytes that the parser leaves in the buffer belong to the next request.
  void feed(RequestParser& parser) {
    const auto bytes = buffer.cdata();
    buffer.consume(parser.feed({static_cast<const char*>(bytes.data()), bytes.size()}));
  }
};

// One read. False when the peer is gone or the deadline has passed.
asio::awaitable<bool> HttpConnection::State::fill(std::size_t chunk_bytes) {
  const auto [failed, bytes] =
      co_await socket.async_read_some(buffer.prepare(chunk_bytes), no_throw);
  // Bytes that arrived together with the deadline come too late.
  if (failed || deadline->passed()) co_return false;
  buffer.commit(bytes);
  co_return true;
}

// False = no request came, so there is nothing to answer.
asio::awaitable<bool> HttpConnection::State::wait_for_request() {
  if (buffer.size() > 0) co_return true;  // pipelined
  // While it waits, a connection must not keep the memory of its largest request.
  if (buffer.capacity() > idle_bytes_max) buffer.shrink_to_fit();
  deadline->set(stopping ? limits.last_idle_time : limits.idle_time);
  // stop() shortens this wait, and only this one.
  waiting = true;
  const bool there = co_await fill(head_chunk_bytes);
  waiting = false;
  co_return there;
}

// One deadline for the whole header. It is not renewed by each byte: a client that sends one byte a
// minute would hold the connection for ever.
asio::awaitable<Reading> HttpConnection::State::read_head(RequestParser& parser) {
  deadline->set(limits.header_time);
  while (parser.refusal() == 0 && !parser.has_head()) {
    const bool filled = co_await fill(head_chunk_bytes);
    if (!filled) co_return deadline->passed() ? Reading::late : Reading::gone;
    feed(parser);
  }
  co_return parser.refusal() != 0 ? Reading::refused : Reading::complete;
}

asio::awaitable<Reading> HttpConnection::State::read_body(RequestParser& parser) {
  // The limit depends on the route, which the header names. So a body that is too large is refused
  // before it is read.
  parser.limit_body(limits.body_bytes ? limits.body_bytes(parser.request()) : 0);
  if (parser.refusal() != 0) co_return Reading::refused;
  deadline->set(limits.body_time);
  // The peer sends its body only after this answer. A peer that has begun to send needs none.
  if (parser.expects_continue() && buffer.size() == 0) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [unsent, sent] =
        co_await asio::async_write(socket, asio::buffer(go_on.data(), go_on.size()), no_throw);
    if (unsent) co_return Reading::gone;
  }
  while (true) {
    feed(parser);
    if (parser.refusal() != 0) co_return Reading::refused;
    if (parser.done()) co_return Reading::complete;
    const bool filled = co_await fill(body_chunk_bytes);
    if (!filled) co_return deadline->passed() ? Reading::late : Reading::gone;
  }
}

// The one place that catches an exception of a handler.
asio::awaitable<HttpResponse> HttpConnection::State::ask_handler(HttpRequest request) {
  std::string why;  // co_await is not allowed inside catch, so the answer is made after it
  try {
    HttpResponse response = co_await handler(std::move(request));
    if (well_formed(response.headers)) co_return response;
    why = "line break in a header";
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
    why = "not a std::exception";
  }
  log_error("http_handler_failed", {{"why", why}});
  co_return plain_error(500);
}

asio::awaitable<bool> HttpConnection::State::write(const HttpResponse& response, bool head_only,
                                                   bool keep_alive) {
  print_head(response, keep_alive, head);
  const std::string_view body = head_only ? std::string_view() : response.text();
  // Header and body in one write: two writes would be two packets.
  const std::array parts = {asio::buffer(std::as_const(head)),
                            asio::buffer(body.data(), body.size())};
  // A peer that does not read its answer must not keep it in our memory.
  deadline->set(write_time);
  const auto [failed, bytes] = co_await asio::async_write(socket, parts, no_throw);
  co_return !failed;
}

// The connection of a stream is closed like an idle one when there are too many: the client can
// connect again.
asio::awaitable<void> HttpConnection::State::write_stream(HttpStream next) {
  serving = false;
  // Nothing more is read from it: a stream lasts for hours, and its connection ends with it.
  buffer.clear();
  buffer.shrink_to_fit();
  while (!stopping) {
    deadline->clear();  // the next piece comes when something happens
    std::shared_ptr<const std::string> piece;
    try {
      piece = co_await next();
    } catch (const std::exception& error) {
      log_error("http_stream_failed", {{"why", error.what()}});
    }
    // The end of the stream, or its failure, which was logged.
    if (!piece) co_return;
    deadline->set(write_time);
    const auto [failed, bytes] = co_await asio::async_write(socket, asio::buffer(*piece), no_throw);
    if (failed) co_return;
  }
}

asio::awaitable<void> HttpConnection::State::refuse(int status) {
  // The connection is closed after it: the beginning of the next request is not known.
  const bool written = co_await write(plain_error(status), false, false);
  if (written && status == 413) co_await swallow();
}

// Reads and drops what a refused peer still sends, for a while: some clients do not read the answer
// when the connection is half closed while they send.
asio::awaitable<void> HttpConnection::State::swallow() {
  const Duration end = clock.steady() + swallow_time;
  bool sending = true;
  while (sending && clock.steady() < end) {
    buffer.clear();
    // Short, and set again for each piece: a peer that is silent has sent everything.
    deadline->set(quiet_time);
    sending = co_await fill(body_chunk_bytes);
  }
}

// Closing at once would send a reset to a peer that still sends, and it would lose the answer.
asio::awaitable<void> HttpConnection::State::linger() {
  error_code ignored;
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  // Limited in time and in bytes: the peer may send for ever.
  deadline->set(linger_time);
  std::size_t passed = 0;
  while (passed < linger_bytes) {
    buffer.clear();
    const bool filled = co_await fill(body_chunk_bytes);
    if (!filled) break;
    passed += buffer.size();
  }
}

// False = this was the last request.
asio::awaitable<bool> HttpConnection::State::serve_request(HttpStream& stream) {
  RequestParser parser(limits.header_bytes);
  // Most requests are in the buffer already. They need neither a deadline nor the coroutines that
  // read on.
  feed(parser);
  // Each part is read only if the one before it was good. An error is answered once.
  Reading reading = parser.refusal() != 0 ? Reading::refused : Reading::complete;
  if (reading == Reading::complete && !parser.has_head()) reading = co_await read_head(parser);
  if (reading == Reading::complete && !parser.done()) reading = co_await read_body(parser);
  if (reading == Reading::refused) co_await refuse(parser.refusal());
  if (reading == Reading::late) co_await refuse(408);
  if (reading != Reading::complete) co_return false;

  // From here on the connection is not closed when there are too many.
  serving = true;
  HttpRequest& request = parser.request();
  const bool head_only = request.method == "HEAD";
  request.peer = peer;
  HttpResponse response = co_await ask_handler(std::move(request));
  if (response.status == 0) {  // for tests: a peer that hangs up
    error_code ignored;
    socket.close(ignored);
    co_return false;
  }
  // Read after the handler: the server may have been stopped meanwhile.
  const bool keep_alive = parser.keep_alive() && !stopping && !response.stream;
  const bool written = co_await write(response, head_only, keep_alive);
  if (written && !head_only) stream = std::move(response.stream);
  co_return written&& keep_alive;
}

asio::awaitable<void> HttpConnection::State::serve() {
  bool more = true;
  while (more) {
    serving = false;
    const bool there = co_await wait_for_request();
    if (!there) co_return;  // no answer was sent that a reset could cut off
    HttpStream stream;
    more = co_await serve_request(stream);
    if (stream) co_await write_stream(std::move(stream));  // nothing of the request is kept for it
  }
  co_await linger();
}

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, const Clock& clock,
                               const HttpServerLimits& limits, const HttpHandler& handler)
    : state_(std::make_unique<State>(std::move(socket), clock, limits, handler)) {}

HttpConnection::~HttpConnection() = default;

asio::awaitable<void> HttpConnection::serve() { return state_->serve(); }

void HttpConnection::stop() {
  state_->stopping = true;
  // Not closed: a request that is on its way is still read and answered.
  if (state_->waiting) state_->deadline->set(state_->limits.last_idle_time);
}

bool HttpConnection::unserved() const { return !state_->serving && state_->socket.is_open(); }

void HttpConnection::close() {
  error_code ignored;
  state_->socket.close(ignored);
}

}  // namespace claimcheck
