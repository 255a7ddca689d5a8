#include "generator/generators.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "generator/fal.hpp"
#include "generator/http_generator.hpp"
#include "generator/openrouter.hpp"
#include "generator/replicate.hpp"
#include "generator/superduperai.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace claimcheck {

namespace {

constexpr Duration result_timeout = std::chrono::seconds(5);
constexpr Duration piece_timeout = std::chrono::seconds(30);  // for the next bytes of a result
constexpr int redirects_max = 5;
constexpr std::size_t result_bytes_max = 64 * 1024;  // an answer of that size holds one

bool is_redirect(int status) {
  constexpr std::array words = {301, 302, 303, 307, 308};
  return std::ranges::find(words, status) != words.end();
}

// Where a redirect leads; empty = to no web address. A path alone is of the same host.
std::string redirected(const std::string& from, const std::string& to) {
  if (!to.starts_with("/") || to.starts_with("//")) return web_address(to);
  return from.substr(0, from.find("://") + 3) + std::string(url_authority(from)) + to;
}

std::unique_ptr<Generator> make_generator(HttpClient& http, Metrics& metrics, const Clock& clock,
                                          const GeneratorOptions& options) {
  switch (options.kind) {
    case GeneratorKind::superduperai:
      return std::make_unique<superduperai::Client>(http, metrics, options);
    case GeneratorKind::fal: return std::make_unique<fal::Client>(http, metrics, clock, options);
    case GeneratorKind::replicate:
      return std::make_unique<replicate::Client>(http, metrics, clock, options);
    case GeneratorKind::openrouter:
      return std::make_unique<openrouter::Client>(http, metrics, clock, options);
    case GeneratorKind::http:
      return std::make_unique<http_generator::Client>(http, metrics, clock, options);
  }
  return nullptr;
}

}  // namespace

const ModelOptions* GeneratorOptions::model(std::string_view model_name) const {
  const auto found = std::ranges::find(models, model_name, &ModelOptions::name);
  return found == models.end() ? nullptr : &*found;
}

std::string_view default_url(GeneratorKind kind) {
  switch (kind) {
    case GeneratorKind::superduperai: return superduperai::default_url;
    case GeneratorKind::fal: return fal::default_url;
    case GeneratorKind::replicate: return "https://api.replicate.com";
    case GeneratorKind::openrouter: return "https://openrouter.ai";
    case GeneratorKind::http: break;
  }
  return {};
}

Generators::Generators(HttpClient& http, Metrics& metrics, const Clock& clock,
                       std::vector<GeneratorOptions> options)
    : http_(http), options_(std::move(options)) {
  for (const GeneratorOptions& each : options_) {
    generators_.push_back(make_generator(http, metrics, clock, each));
  }
}

Generator* Generators::find(std::string_view name) const {
  const auto found = std::ranges::find(options_, name, &GeneratorOptions::name);
  if (found == options_.end()) return nullptr;
  return generators_[static_cast<std::size_t>(found - options_.begin())].get();
}

const GeneratorOptions* Generators::options(std::string_view name) const {
  const auto found = std::ranges::find(options_, name, &GeneratorOptions::name);
  return found == options_.end() ? nullptr : &*found;
}

std::string_view Generators::named_in(std::string_view file_id) const {
  for (const GeneratorOptions& each : options_) {
    if (each.name != built_in_generator && file_id.starts_with(each.name + "-")) return each.name;
  }
  return {};
}

// The address comes from a peer: it must not make this process call machines in its own network.
// It is not counted as a call to the generator, since it may be of any host.
HttpCall Generators::call_for(const std::string& name, const std::string& url) const {
  const Generator* generator = find(name);
  const GeneratorOptions* own = options(name);
  HttpCall call;
  call.url = url;
  call.public_only = own == nullptr || url_authority(url) != url_authority(own->url);
  if (generator != nullptr) call.headers = generator->headers_for(url);
  return call;
}

boost::asio::awaitable<bool> Generators::lacks_result(std::string name, std::string url) const {
  HttpCall request = call_for(name, url);
  // Many signed addresses know no HEAD.
  request.headers.push_back({"range", "bytes=0-0"});
  request.timeout = result_timeout;
  request.answer_bytes_max = result_bytes_max;
  const Result<HttpResponse> answer = co_await http_.send(std::move(request));
  co_return answer&& is_no_result(*answer);
}

boost::asio::awaitable<Result<HttpDownload>> Generators::open_result(std::string name,
                                                                     std::string url,
                                                                     HttpHeaders headers) const {
  for (int hops = 0; hops <= redirects_max; ++hops) {
    HttpCall call = call_for(name, url);
    call.headers.insert(call.headers.end(), headers.begin(), headers.end());
    call.timeout = piece_timeout;
    Result<HttpDownload> answer = co_await http_.open(std::move(call));
    if (!answer || !is_redirect(answer->status)) co_return answer;
    const std::string* to = find_header(answer->headers, "location");
    std::string next = to == nullptr ? std::string() : redirected(url, *to);
    if (next.empty()) co_return fail(Errc::ambiguous, "a redirect without an address");
    url = std::move(next);
  }
  co_return fail(Errc::ambiguous, "too many redirects");
}

bool is_file_id(std::string_view text) { return superduperai::is_job_id(text); }

// A digest looks like no handle: no plain id of a provider has this form.
std::string digest_of(std::string_view handle) { return "d_" + sha256_hex(handle).substr(0, 32); }

std::string file_id(std::string_view generator, std::string_view handle) {
  if (generator == built_in_generator && is_file_id(handle)) return std::string(handle);
  std::string named = fmt::format("{}-{}", generator, handle);
  if (is_file_id(named) && !handle.starts_with("d_")) return named;
  return fmt::format("{}-{}", generator, digest_of(handle));
}

std::optional<std::string> handle_in(std::string_view generator, std::string_view file_id) {
  const std::string_view rest = file_id.substr(std::min(generator.size() + 1, file_id.size()));
  if (rest.empty() || rest.starts_with("d_")) return std::nullopt;
  return std::string(rest);
}

bool is_no_result(int status, const HttpHeaders& headers) {
  constexpr std::array words = {401, 403, 404, 410, 416};  // 416: there is no first byte
  if (std::ranges::find(words, status) != words.end()) return true;
  if (status < 200 || status >= 300) return false;
  const std::string* header = find_header(headers, "content-type");
  const std::string type = header == nullptr ? "" : lowercase(*header);
  // Storage services answer 200 with an error page or an XML text.
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type.starts_with("application/xml");
}

bool is_no_result(const HttpResponse& answer) {
  const bool done = answer.status >= 200 && answer.status < 300;
  return is_no_result(answer.status, answer.headers) || (done && answer.body.empty());
}

}  // namespace claimcheck
