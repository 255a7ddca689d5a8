// FalApi: fal's queue under /fal/: submit, status, result and cancel, with its statuses, its two
// forms of errors, and signed callbacks. A model is what its name says: flux and image make images,
// audio, music and speech make sound, all others videos. An input without a prompt fails as a model
// would refuse it. Every key of the form id:secret is taken. The public keys of the callbacks are
// at /fal/.well-known/jwks.json.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/provider_callbacks.hpp"
#include "sandbox/provider_jobs.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::string_view fal_prefix = "/fal/";

class FalApi {
 public:
  FalApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, MovableClock& clock);

  // The path begins with fal_prefix.
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request, Fault fault);

 private:
  HttpResponse route(const HttpRequest& request, const Fault& fault);
  HttpResponse submit(const HttpRequest& request, std::string_view model, const Fault& fault);
  HttpResponse status(const ProviderJob& job) const;
  HttpResponse result(const ProviderJob& job) const;
  HttpResponse cancel(const ProviderJob& job);
  Object places(const ProviderJob& job) const;
  HttpResponse keys() const;
  void call_back(const ProviderJob& job);

  ProviderJobs& jobs_;
  ProviderCallbacks& callbacks_;
  MovableClock& clock_;
  std::string signing_seed_;
};

}  // namespace claimcheck::sandbox
