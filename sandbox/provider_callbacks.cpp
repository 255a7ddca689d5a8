#include "sandbox/provider_callbacks.hpp"

#include <utility>

namespace claimcheck::sandbox {

namespace {

constexpr Duration answer_timeout = std::chrono::seconds(10);
constexpr Duration interval_max = std::chrono::seconds(16);

}  // namespace

void ProviderCallbacks::send(std::string url, std::string body, Signature signature) {
  tasks_.start(deliver(std::make_shared<Delivery>(Delivery{
      .url = std::move(url), .body = std::move(body), .signature = std::move(signature)})));
}

boost::asio::awaitable<void> ProviderCallbacks::deliver(std::shared_ptr<Delivery> delivery) {
  HttpCall call;
  call.method = "POST";
  call.url = delivery->url;
  // The real time: the other side compares it with its own clock.
  call.headers = delivery->signature(clock_.outside_now(), delivery->body);
  call.headers.push_back({"content-type", "application/json"});
  call.body = delivery->body;
  call.timeout = answer_timeout;
  call.send_once = true;
  const Result<HttpResponse> answer = co_await http_.send(std::move(call));
  if (answer && answer->status >= 200 && answer->status < 300) co_return;
  if (delivery->interval > interval_max) co_return;
  agenda_.after(delivery->interval, [this, delivery] { tasks_.start(deliver(delivery)); });
  delivery->interval *= 2;
}

}  // namespace claimcheck::sandbox
