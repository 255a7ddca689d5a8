#include "sim/wire.hpp"

#include "base/assert.hpp"

namespace claimcheck::sim {

namespace {

constexpr Duration latency_min = std::chrono::milliseconds(1);
constexpr Duration latency_max = std::chrono::milliseconds(120);
constexpr Duration patience = std::chrono::milliseconds(50);  // between two looks for an answer

// "http://stripe/v1/x?y" -> "http://stripe" and the request for the rest.
std::string base_of(const HttpCall& call, HttpRequest& request) {
  const std::size_t path = call.url.find('/', call.url.find("//") + 2);
  ENSURE(path != std::string::npos);
  const std::size_t query = call.url.find('?', path);
  request.method = call.method;
  request.path = url_decode(call.url.substr(path, query - path), false);
  if (query != std::string::npos) request.query = call.url.substr(query + 1);
  request.headers = call.headers;
  request.body = call.body;
  request.peer = "127.0.0.1";
  return call.url.substr(0, path);
}

}  // namespace

boost::asio::awaitable<void> Wire::carry(Peer peer, HttpRequest request, Answer answer) {
  *answer = co_await peer(std::move(request));
}

boost::asio::awaitable<void> Wire::carry_later(Peer peer, HttpRequest request, Duration delay) {
  co_await clock_.sleep(delay);
  co_await peer(std::move(request));
}

boost::asio::awaitable<Result<HttpResponse>> Wire::send(HttpCall call) {
  HttpRequest request;
  const auto peer = peers_.find(base_of(call, request));
  ENSURE(peer != peers_.end());
  const Duration deadline = clock_.steady() + call.timeout;
  co_await clock_.sleep(chance_.between(latency_min, latency_max));
  if (chance_.roll(faults_.lost)) {
    if (chance_.roll(0.5)) co_return fail(Errc::not_sent, "no connection");
    co_await clock_.sleep(deadline - clock_.steady());
    co_return fail(Errc::ambiguous, "no answer in time");
  }
  if (chance_.roll(faults_.late)) {
    const Duration delay = call.timeout + chance_.between(Duration(0), std::chrono::seconds(40));
    tasks_.start(carry_later(peer->second, std::move(request), delay));
    co_await clock_.sleep(deadline - clock_.steady());
    co_return fail(Errc::ambiguous, "no answer in time");
  }
  const Answer answer = std::make_shared<std::optional<HttpResponse>>();
  tasks_.start(carry(peer->second, std::move(request), answer));
  while (!*answer && clock_.steady() < deadline) co_await clock_.sleep(patience);
  if (!*answer) co_return fail(Errc::ambiguous, "no answer in time");
  const bool cut = (*answer)->status == 0 || chance_.roll(faults_.answer_lost);
  if (cut) co_return fail(Errc::ambiguous, "the connection was cut");
  co_return std::move(**answer);
}

}  // namespace claimcheck::sim
