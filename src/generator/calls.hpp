// ProviderCalls: what all adapters do alike when they call their provider: the address below the
// configured one, the user agent, the key, time-outs and counting. An absolute address of an answer
// gets the key only if it leads to the configured host. Owned by its adapter.
#pragma once

#include "base/metrics.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"
#include "net/http/http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace claimcheck {

// The header that proves who calls.
using AuthHeader = HttpHeader (*)(const Secret& key);
HttpHeader bearer(const Secret& key);

// The address for a provider that takes https only: empty unless it is https. A provider that is
// itself called at a plain address, such as one that the sandbox plays, takes any.
std::string callback_for(std::string_view generator_url, std::string_view callback_url);

class ProviderCalls {
 public:
  ProviderCalls(HttpClient& http, Metrics& metrics, const GeneratorOptions& options,
                HttpHeader auth);

  // `place`: a path below the configured address ("/v1/jobs"), or an address from an answer.
  boost::asio::awaitable<Result<HttpResponse>> get(std::string place) const;
  // A body that must not arrive twice: it goes out on a connection of its own.
  boost::asio::awaitable<Result<HttpResponse>> submit(std::string place,
                                                      const boost::json::value& body,
                                                      HttpHeaders headers = {}) const;
  boost::asio::awaitable<Result<HttpResponse>> send(HttpCall call) const;
  HttpCall call(std::string method, std::string place) const;

  // Does the address lead to the configured host, by the configured scheme?
  bool is_own(std::string_view url) const;
  HttpHeaders headers_for(std::string_view url) const;

 private:
  HttpClient& http_;
  Metrics& metrics_;
  std::string url_;
  HttpHeader auth_;
  Duration submit_timeout_;
  Duration read_timeout_;
};

}  // namespace claimcheck
