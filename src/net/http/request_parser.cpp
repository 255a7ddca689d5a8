#include "net/http/request_parser.hpp"

#include "base/text.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cctype>

namespace claimcheck {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

bool well_escaped(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') continue;
    if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) return false;
  }
  return true;
}

// A header line that begins with a space continues the line before it. Beast follows this old rule.
// A reader that does not would see another header, so such a request has two meanings.
bool is_folded(std::string_view head) {
  return head.find("\r\n ") != head.npos || head.find("\r\n\t") != head.npos;
}

// Reduces the form for proxies, "http://host/path", which a server must understand too, to its path
// and query. False = the address names no host, or a user.
bool leave_path(std::string_view& target) {
  const std::string_view host = url_authority(target);
  if (web_address(target).empty() || host.empty() || host.contains('@')) return false;
  target.remove_prefix(target.find("://") + 3 + host.size());
  return true;
}

// False = a target that we cannot serve.
bool read_target(std::string_view target, HttpRequest& request) {
  request.target = target;
  if (!target.starts_with('/') && !leave_path(target)) return false;
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, question);
  if (!well_escaped(path)) return false;
  request.path = path.empty() ? "/" : url_decode(path, false);
  request.query = target.substr(std::min(question + 1, target.size()));
  return request.path.starts_with('/') && !request.path.contains('\0');
}

int status_of(const error_code& failed) {
  if (failed == http::error::header_limit) return 431;
  if (failed == http::error::body_limit) return 413;
  return 400;
}

}  // namespace

// Beast reads the grammar. Its results go directly into the request, without a copy between.
struct RequestParser::State final : http::basic_parser<true> {
  explicit State(std::size_t header_bytes) : header_bytes_max(header_bytes) {
    header_limit(static_cast<std::uint32_t>(header_bytes));
    body_limit(boost::none);  // limit_body() follows when the route is known
  }

  void on_request_impl(http::verb, beast::string_view method, beast::string_view target,
                       int version, error_code& failed) override {
    request.method = method;
    http_1_1 = version == 11;
    if (!read_target(target, request)) failed = http::error::bad_target;
  }
  void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                     error_code& failed) override {
    hosts += field == http::field::host ? 1 : 0;
    lengths += field == http::field::content_length ? 1 : 0;
    // Two lengths are two ends of the body: a proxy before us might choose the other one.
    const bool list = field == http::field::content_length && value.find(',') != value.npos;
    if (list || lengths > 1) failed = http::error::multiple_content_length;
    request.headers.push_back({lowercase(name), std::string(value)});
  }
  // No handler reads a trailer. One that would move the body's end or the request's target is
  // refused: a proxy before us might believe it.
  void on_trailer_field_impl(http::field field, beast::string_view, beast::string_view,
                             error_code& failed) override {
    if (field == http::field::content_length || field == http::field::transfer_encoding ||
        field == http::field::host) {
      failed = http::error::bad_field;
    }
  }
  void on_header_impl(error_code& failed) override {
    has_head = true;
    if (hosts > 1 || (http_1_1 && hosts == 0)) failed = http::error::bad_field;
    // We cannot read the bytes of "gzip" or "gzip, chunked", and HTTP/1.0 has no coding at all.
    // Beast itself refuses a second coding after "chunked".
    const std::string* coding = find_header(request.headers, "transfer-encoding");
    if (coding == nullptr) return;
    const bool understood = http_1_1 && beast::iequals(*coding, "chunked");
    if (!understood) failed = http::error::bad_transfer_encoding;
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(static_cast<std::size_t>(*length));
  }
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view extension, error_code&) override {
    chunk_line_end = extension.data() + extension.size();
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const std::size_t header_bytes_max;
  HttpRequest request;
  bool begun = false;
  bool http_1_1 = false;
  bool has_head = false;
  int hosts = 0;
  int lengths = 0;
  int refusal = 0;
  const char* chunk_line_end = nullptr;  // of the last chunk header, in the bytes that held it
};

RequestParser::RequestParser(std::size_t header_bytes_max)
    : state_(std::make_unique<State>(header_bytes_max)) {}

RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view bytes) {
  State& state = *state_;
  std::size_t used = 0;
  if (!state.begun) {
    if (bytes == "\r") return 0;
    if (bytes.starts_with("\r\n")) used = 2;  // some clients send one after the last body
    state.begun = !bytes.empty();
  }
  while (used < bytes.size() && state.refusal == 0 && !state.is_done()) {
    const bool had_head = state.has_head;
    const std::string_view rest = bytes.substr(used);
    error_code failed;
    state.chunk_line_end = rest.data();
    const std::size_t read = state.put(boost::asio::const_buffer(rest.data(), rest.size()), failed);
    used += read;
    // Beast reads a field only when all of its lines are there, so no fold is split between two
    // reads.
    if (!had_head && is_folded(rest.substr(0, read))) state.refusal = 400;
    // Beast has no limit for the line between two chunks. This limit is the same for a line that
    // arrived at once and for one that is still coming.
    const auto chunk_line_bytes = static_cast<std::size_t>(state.chunk_line_end - rest.data());
    if (chunk_line_bytes >= state.header_bytes_max) state.refusal = 400;
    if (failed == http::error::need_more) {
      if (bytes.size() - used > state.header_bytes_max) state.refusal = 400;
      break;
    }
    if (failed) state.refusal = status_of(failed);
    // The caller must set the limit of the body before any of it is read.
    if (!had_head && state.has_head) break;
  }
  return used;
}

void RequestParser::limit_body(std::size_t bytes_max) {
  state_->body_limit(bytes_max);
  const boost::optional<std::uint64_t> length = state_->content_length();
  if (length && *length > bytes_max) state_->refusal = 413;
}

bool RequestParser::has_head() const { return state_->has_head; }

bool RequestParser::done() const { return state_->is_done(); }

int RequestParser::refusal() const { return state_->refusal; }

bool RequestParser::keep_alive() const { return state_->keep_alive(); }

bool RequestParser::expects_continue() const {
  const std::string* expect = find_header(state_->request.headers, "expect");
  return expect != nullptr && state_->http_1_1 && !done() &&
         beast::iequals(*expect, "100-continue");
}

HttpRequest& RequestParser::request() { return state_->request; }

}  // namespace claimcheck
