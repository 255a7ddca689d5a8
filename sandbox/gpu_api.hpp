// GpuApi: a small GPU server as a shop might run it, under /gpu/. It is described by
// docs/generators/http.md, not by a provider: POST /gpu/jobs with an Idempotency-Key, GET and
// DELETE /gpu/jobs/{id}, GET /gpu/jobs?key=…, files that need the key, refused content, a GPU that
// is out of memory. It tells `callback_url` of the end, signed by the Standard Webhooks, three
// times at most. The jobs are in provider_jobs.hpp.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/provider_callbacks.hpp"
#include "sandbox/provider_jobs.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <unordered_map>

namespace claimcheck::sandbox {

inline constexpr std::string_view gpu_prefix = "/gpu/";
// What a shop configures; nothing here is secret.
inline constexpr std::string_view gpu_key = "sandbox-gpu-key";
inline constexpr std::string_view gpu_callback_secret = "whsec_c2FuZGJveC1ncHUtY2FsbGJhY2tz";
inline constexpr std::string_view gpu_video_model = "wan-2.2";
inline constexpr std::string_view gpu_image_model = "flux-dev";

class GpuApi {
 public:
  GpuApi(ProviderJobs& jobs, ProviderCallbacks& callbacks, Faults& faults, MovableClock& clock);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request, Fault fault);

 private:
  struct Kept {
    std::string body;
    std::string job;
  };

  HttpResponse route(const HttpRequest& request, const Fault& fault);
  HttpResponse submit(const HttpRequest& request, const Fault& fault);
  HttpResponse list(const std::string& key) const;
  HttpResponse cancel(const std::string& id);
  Object describe(const ProviderJob& job) const;
  void tell(const ProviderJob& job);

  ProviderJobs& jobs_;
  ProviderCallbacks& callbacks_;
  Faults& faults_;
  MovableClock& clock_;
  std::unordered_map<std::string, Kept> keys_;  // by Idempotency-Key, without end
};

}  // namespace claimcheck::sandbox
