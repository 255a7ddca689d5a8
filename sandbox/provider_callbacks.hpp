// ProviderCallbacks: tells whoever ordered a job of its end, as providers do: a POST to the address
// that the order named. It is repeated until a 2xx, with a signature of its own each time: six
// times at most, after 1, 2, 4, 8 and 16 s, so that a test or a developer need not wait.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace claimcheck::sandbox {

class ProviderCallbacks {
 public:
  // The headers of one delivery that is sent at that time.
  using Signature = std::function<HttpHeaders(Time at, const std::string& body)>;

  ProviderCallbacks(HttpClient& http, MovableClock& clock, Agenda& agenda, Tasks& tasks)
      : http_(http), clock_(clock), agenda_(agenda), tasks_(tasks) {}

  void send(std::string url, std::string body, Signature signature);

 private:
  struct Delivery {
    std::string url;
    std::string body;
    Signature signature;
    Duration interval = std::chrono::seconds(1);
  };
  boost::asio::awaitable<void> deliver(std::shared_ptr<Delivery> delivery);

  HttpClient& http_;
  MovableClock& clock_;
  Agenda& agenda_;
  Tasks& tasks_;
};

}  // namespace claimcheck::sandbox
