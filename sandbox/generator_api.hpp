// GeneratorApi: the SuperDuperAI routes under /api/v1/, with the answers of its framework (FastAPI)
// when something is missing or wrong. It reads requests and writes answers; the generations are in
// generator.hpp.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/generator.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace claimcheck::sandbox {

class GeneratorApi {
 public:
  // An empty token accepts every text of the documented shape.
  GeneratorApi(Generator& generator, MovableClock& clock, std::string token)
      : generator_(generator), clock_(clock), token_(std::move(token)) {}

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request, Fault fault);

 private:
  HttpResponse route(const HttpRequest& request, const Fault& fault);
  HttpResponse generate_video(const HttpRequest& request, const Fault& fault);
  HttpResponse list_files(const HttpRequest& request) const;
  HttpResponse list_configurations(const HttpRequest& request) const;
  HttpResponse read_file(const std::string& id) const;

  Generator& generator_;
  MovableClock& clock_;
  std::string token_;
};

}  // namespace claimcheck::sandbox
