// OpenRouterApi: OpenRouter's video jobs below /openrouter/api/v1/: submit, status, content, the
// list of models, and what is left of the key's limit and of the account. Every key that begins
// with "sk-or-" is taken. Models of "bytedance" have no signed addresses: their videos need the
// key. It reads requests and writes answers; the jobs are in provider_jobs.hpp.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/provider_callbacks.hpp"
#include "sandbox/provider_jobs.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::string_view openrouter_prefix = "/openrouter/";
// Of the workspace; always the same, so that it can be configured.
inline constexpr std::string_view openrouter_secret = "sandbox-openrouter-secret";

class OpenRouterApi {
 public:
  OpenRouterApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, MovableClock& clock);
  OpenRouterApi(const OpenRouterApi&) = delete;
  OpenRouterApi& operator=(const OpenRouterApi&) = delete;

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request, Fault fault);

 private:
  HttpResponse route(const HttpRequest& request, const Fault& fault);
  HttpResponse create(const HttpRequest& request, const Fault& fault);
  HttpResponse content(const HttpRequest& request, const std::string& id) const;
  Object job_of(const ProviderJob& job) const;
  void tell_end(const ProviderJob& job) const;

  ProviderJobs& jobs_;
  ProviderCallbacks& callbacks_;
  MovableClock& clock_;
};

}  // namespace claimcheck::sandbox
