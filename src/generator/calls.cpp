#include "generator/calls.hpp"

#include "base/version.hpp"

#include <boost/json/serialize.hpp>

namespace claimcheck {

namespace {

std::string_view result_label(const Result<HttpResponse>& answer) {
  if (!answer) return "no_answer";
  if (answer->status < 300) return "ok";
  return answer->status < 500 ? "refused" : "server_error";
}

}  // namespace

HttpHeader bearer(const Secret& key) { return {"authorization", "Bearer " + key.reveal()}; }

std::string callback_for(std::string_view generator_url, std::string_view callback_url) {
  const bool callable =
      generator_url.starts_with("http://") || callback_url.starts_with("https://");
  return std::string(callable ? callback_url : std::string_view());
}

ProviderCalls::ProviderCalls(HttpClient& http, Metrics& metrics, const GeneratorOptions& options,
                             HttpHeader auth)
    : http_(http),
      metrics_(metrics),
      url_(options.url),
      auth_(std::move(auth)),
      submit_timeout_(options.submit_timeout),
      read_timeout_(options.read_timeout) {}

bool ProviderCalls::is_own(std::string_view url) const {
  const std::string_view scheme = std::string_view(url_).substr(0, url_.find("://"));
  return url.substr(0, url.find("://")) == scheme && url_authority(url) == url_authority(url_);
}

HttpHeaders ProviderCalls::headers_for(std::string_view url) const {
  // A provider without keys, such as a machine in the shop's own network, has no such header.
  if (auth_.name.empty() || !is_own(url)) return {};
  return {auth_};
}

HttpCall ProviderCalls::call(std::string method, std::string place) const {
  HttpCall call;
  call.method = std::move(method);
  call.url = place.starts_with('/') ? url_ + place : std::move(place);
  call.headers = {{"accept", "application/json"}, {"user-agent", std::string(user_agent)}};
  // An address that an answer names must not make this process call machines in its own network,
  // nor carry our key to a host of its choice.
  call.public_only = !is_own(call.url);
  for (HttpHeader& header : headers_for(call.url)) call.headers.push_back(std::move(header));
  call.timeout = read_timeout_;
  return call;
}

boost::asio::awaitable<Result<HttpResponse>> ProviderCalls::send(HttpCall call) const {
  Result<HttpResponse> answer = co_await http_.send(std::move(call));
  metrics_.count(Counter::generator_requests, result_label(answer));
  if (answer && (answer->status == 401 || answer->status == 403)) {
    metrics_.count(Counter::setup_faults, "generator_token");
  }
  co_return answer;
}

boost::asio::awaitable<Result<HttpResponse>> ProviderCalls::get(std::string place) const {
  HttpCall request = call("GET", std::move(place));
  co_return co_await send(std::move(request));
}

boost::asio::awaitable<Result<HttpResponse>> ProviderCalls::submit(std::string place,
                                                                   const boost::json::value& body,
                                                                   HttpHeaders headers) const {
  HttpCall request = call("POST", std::move(place));
  request.headers.push_back({"content-type", "application/json"});
  for (HttpHeader& header : headers) request.headers.push_back(std::move(header));
  request.body = boost::json::serialize(body);
  request.timeout = submit_timeout_;
  // A second copy would be a second paid job.
  request.send_once = true;
  co_return co_await send(std::move(request));
}

}  // namespace claimcheck
