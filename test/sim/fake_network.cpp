#include "sim/fake_network.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

// "/v1/charges/ch_1" -> "/v1/charges": objects of one kind.
std::string kind_of(const std::string& path) {
  const std::size_t last = path.rfind('/');
  const bool names_one = path.find_first_of("0123456789", last) != std::string::npos;
  return names_one ? path.substr(0, last + 1) : path;
}

}  // namespace

boost::asio::awaitable<void> FakeNetwork::carry(Peer peer, HttpRequest request, Answer answer) {
  *answer = co_await peer(std::move(request));
}

boost::asio::awaitable<void> FakeNetwork::dispatch_later(Peer peer, HttpRequest request,
                                                         Duration delay) {
  co_await clock_.sleep(delay);
  co_await peer(std::move(request));
}

boost::asio::awaitable<Result<HttpResponse>> FakeNetwork::nobody_there(Duration deadline) {
  constexpr std::array gateways = {502, 503, 504};
  switch (chance_.below(4)) {
    case 0: co_return fail(Errc::not_sent, "no connection");
    case 1: co_await clock_.sleep(deadline - clock_.steady()); break;
    case 2: co_return HttpResponse{.status = 500, .body = "Internal Server Error"};
    default:
      co_return HttpResponse{.status = gateways.at(chance_.below(gateways.size())),
                             .body = "<html>away</html>"};
  }
  co_return fail(Errc::ambiguous, "no answer in time");
}

boost::asio::awaitable<Result<HttpResponse>> FakeNetwork::send(HttpCall call) {
  HttpRequest request;
  const std::string base = base_of(call, request);
  const auto peer = peers_.find(base);
  ENSURE(peer != peers_.end());
  const std::string request_kind = request.method + kind_of(request.path);
  const Duration deadline = clock_.steady() + call.timeout;
  co_await clock_.sleep(chance_.between(latency_min, latency_max));
  const auto away = away_.find(base);
  if (away != away_.end() && clock_.now() < away->second) co_return co_await nobody_there(deadline);
  if (chance_.roll(faults_.lost)) {
    if (chance_.roll(0.5)) co_return fail(Errc::not_sent, "no connection");
    co_await clock_.sleep(deadline - clock_.steady());
    co_return fail(Errc::ambiguous, "no answer in time");
  }
  if (chance_.roll(faults_.late)) {
    const Duration delay = call.timeout + chance_.between(Duration(0), std::chrono::seconds(40));
    tasks_.start(dispatch_later(peer->second, std::move(request), delay));
    co_await clock_.sleep(deadline - clock_.steady());
    co_return fail(Errc::ambiguous, "no answer in time");
  }
  const Answer answer = std::make_shared<std::optional<HttpResponse>>();
  tasks_.start(carry(peer->second, std::move(request), answer));
  while (!*answer && clock_.steady() < deadline) co_await clock_.sleep(patience);
  if (!*answer) co_return fail(Errc::ambiguous, "no answer in time");
  if (chance_.roll(faults_.slow)) {
    const Duration left = deadline - clock_.steady();
    co_await clock_.sleep(chance_.between(Duration(0), std::max(left, Duration(1))));
  }
  // The generator's list is of all files: an older one is no answer about something else. fal's
  // answers to a submit and about a result do not say what they are about, so nobody could know.
  const bool is_peer =
      base != "http://shop" && base != "http://fal" && !request_kind.ends_with("/api/v1/file");
  const std::string kind = base + request_kind;
  HttpResponse last = std::exchange(last_answers_[kind], **answer);
  // A refusal names no object, so nobody could know.
  if (last.status == 200 && is_peer && chance_.roll(faults_.swapped)) co_return last;
  const bool cut = (*answer)->status == 0 || chance_.roll(faults_.answer_lost);
  if (cut) co_return fail(Errc::ambiguous, "the connection was cut");
  co_return std::move(**answer);
}

}  // namespace claimcheck::sim
