// What arrives on a connection to our server, fed as the connection does it: at once, and in
// pieces. Both must see the same request with the same end.
#include "base/assert.hpp"
#include "base/text.hpp"
#include "net/http/request_parser.hpp"
#include "targets.hpp"

namespace claimcheck::fuzz {

namespace {

constexpr std::size_t header_bytes_max = 1024;
constexpr std::size_t body_bytes_max = 512;

struct Fed {
  RequestParser parser{header_bytes_max};
  std::size_t used = 0;
};

void feed(Fed& fed, std::string_view arrived) {
  while (fed.parser.refusal() == 0 && !fed.parser.done()) {
    const bool had_head = fed.parser.has_head();
    const std::size_t used = fed.parser.feed(arrived.substr(fed.used));
    ENSURE(used <= arrived.size() - fed.used);
    fed.used += used;
    if (had_head || !fed.parser.has_head() || fed.parser.done()) return;
    fed.parser.limit_body(body_bytes_max);
  }
}

bool is_served(const RequestParser& parser) { return parser.refusal() == 0 && parser.done(); }

std::string print(const HttpRequest& request) {
  std::string text = request.method + ' ' + request.target;
  for (const HttpHeader& header : request.headers) text += '\n' + header.name + ':' + header.value;
  return text + "\n\n" + request.body;
}

// Where it ends is told once, and no value can become a line of its own further on.
void ensure_clear(const HttpRequest& request) {
  constexpr std::string_view breaks("\r\n\0", 3);
  ENSURE(request.path.starts_with('/') && !request.path.contains('\0'));
  ENSURE(request.body.size() <= body_bytes_max);
  for (const HttpHeader& header : request.headers) {
    ENSURE(header.name == lowercase(header.name));
    ENSURE(header.value.find_first_of(breaks) == std::string::npos);
  }
  const std::string* length = find_header(request.headers, "content-length");
  const std::string* coding = find_header(request.headers, "transfer-encoding");
  for (const char* once : {"host", "content-length", "transfer-encoding"}) {
    ENSURE(count_headers(request.headers, once) <= 1);
  }
  ENSURE(length == nullptr || coding == nullptr);
  if (coding != nullptr) ENSURE(lowercase(*coding) == "chunked");
  if (length != nullptr) ENSURE(std::stoull(*length) == request.body.size());
  if (length == nullptr && coding == nullptr) ENSURE(request.body.empty());
}

}  // namespace

void fuzz_http_request(std::string_view bytes) {
  Fed whole;
  Fed pieces;
  feed(whole, bytes);
  const std::size_t piece = 1 + bytes.size() % 13;
  for (std::size_t end = piece; end < bytes.size(); end += piece) {
    feed(pieces, bytes.substr(0, end));
  }
  feed(pieces, bytes);
  // Not the status of a refusal: Beast takes a chunk's size off the limit each time that it looks
  // at a line whose extension is quoted wrongly.
  ENSURE(is_served(whole.parser) == is_served(pieces.parser));
  if (!is_served(whole.parser)) return;
  ensure_clear(whole.parser.request());
  ENSURE(whole.used == pieces.used);
  ENSURE(print(whole.parser.request()) == print(pieces.parser.request()));
  ENSURE(whole.parser.keep_alive() == pieces.parser.keep_alive());
}

}  // namespace claimcheck::fuzz
