// FakeNetwork: the network of a simulated world. Requests to named peers are answered in the
// process, after a while; on the way they may get lost, lose their answer, or arrive long after the
// caller has given up, and an answer may take almost as long as the caller waits. A peer that dies
// while it answers never does, and the caller's time runs out.
#pragma once

#include "base/tasks.hpp"
#include "net/http/http.hpp"
#include "sim/chance.hpp"

#include <functional>
#include <map>
#include <string>

namespace claimcheck::sim {

struct WireFaults {
  double lost = 0;         // before it arrives
  double answer_lost = 0;  // it was carried out
  double late = 0;         // it arrives after the caller's time-out
  double slow = 0;         // its answer takes up to that time-out
  double swapped = 0;      // it is the last answer to the same question about another object
};

class FakeNetwork final : public HttpClient {
 public:
  using Peer = std::function<boost::asio::awaitable<HttpResponse>(HttpRequest)>;

  FakeNetwork(Clock& clock, Chance& chance, Tasks& tasks)
      : clock_(clock), chance_(chance), tasks_(tasks) {}

  // `base`: "http://stripe". Nothing may be sent to a peer that is not connected.
  void connect(const std::string& base, Peer peer) { peers_[base] = std::move(peer); }
  void set_faults(WireFaults faults) { faults_ = faults; }
  // An outage: until then it takes nothing and tells nothing, in whichever way.
  void cut_off(std::string base, Time until) { away_[std::move(base)] = until; }

  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) override;

 private:
  using Answer = std::shared_ptr<std::optional<HttpResponse>>;
  static boost::asio::awaitable<void> carry(Peer peer, HttpRequest request, Answer answer);
  boost::asio::awaitable<void> dispatch_later(Peer peer, HttpRequest request, Duration delay);

  Clock& clock_;
  Chance& chance_;
  Tasks& tasks_;
  boost::asio::awaitable<Result<HttpResponse>> nobody_there(Duration deadline);

  std::map<std::string, Peer> peers_;
  std::map<std::string, Time> away_;
  std::map<std::string, HttpResponse> last_answers_;  // by base, method and kind of path
  WireFaults faults_;
};

}  // namespace claimcheck::sim
