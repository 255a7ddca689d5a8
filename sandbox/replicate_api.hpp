// ReplicateApi: Replicate below /replicate/v1/, as its own client package expects it: predictions
// of a model or a version, their list, cancelling, models, and the secret of the webhooks. Every
// key that begins with "r8_" is taken, and every model exists but those of the owner "gone". What a
// model makes is told by its name: words such as "flux" make images, "music" makes sound, the rest
// videos. It reads requests and writes answers; the jobs are in provider_jobs.hpp.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/provider_callbacks.hpp"
#include "sandbox/provider_jobs.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::string_view replicate_prefix = "/replicate/";
// As GET /v1/webhooks/default/secret tells it; always the same, so that it can be configured.
inline constexpr std::string_view replicate_secret = "whsec_c2FuZGJveC1yZXBsaWNhdGUtc2VjcmV0";

class ReplicateApi {
 public:
  ReplicateApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, MovableClock& clock);
  ReplicateApi(const ReplicateApi&) = delete;
  ReplicateApi& operator=(const ReplicateApi&) = delete;

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request, Fault fault);

 private:
  HttpResponse route(const HttpRequest& request, const Fault& fault);
  HttpResponse create(const HttpRequest& request, const Fault& fault, std::string model);
  HttpResponse read(const std::string& id) const;
  HttpResponse cancel(const std::string& id);
  HttpResponse list() const;
  Object prediction_of(const ProviderJob& job) const;
  void tell_end(const ProviderJob& job) const;

  ProviderJobs& jobs_;
  ProviderCallbacks& callbacks_;
  MovableClock& clock_;
};

}  // namespace claimcheck::sandbox
