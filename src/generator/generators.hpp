// Generators: all configured generators by name. Owns them; lives as long as the process. A name
// that an order was submitted under may be gone from the configuration: find() is null then, and
// the order waits for a person.
#pragma once

#include "base/metrics.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

class Generators {
 public:
  // `clock`: signatures of callbacks and links have a time.
  Generators(HttpClient& http, Metrics& metrics, const Clock& clock,
             std::vector<GeneratorOptions> options);

  Generator* find(std::string_view name) const;
  // Of a configured generator; null likewise.
  const GeneratorOptions* options(std::string_view name) const;
  const std::vector<GeneratorOptions>& all() const { return options_; }

  // The further generator whose name the file id begins with; empty = none. See file_id().
  std::string_view named_in(std::string_view file_id) const;

  // Did the address of a result answer without one? Silence is no such answer, nor is a redirect.
  // An address in a private network is called only if it is the generator's own.
  boost::asio::awaitable<bool> lacks_result(std::string name, std::string url) const;
  // Begins to read a result. Redirects are followed; our key goes along only to its own host.
  // `headers`: such as a range. Errors: not_sent, ambiguous.
  boost::asio::awaitable<Result<HttpDownload>> open_result(std::string name, std::string url,
                                                           HttpHeaders headers) const;

 private:
  HttpCall call_for(const std::string& name, const std::string& url) const;

  HttpClient& http_;
  std::vector<GeneratorOptions> options_;
  std::vector<std::unique_ptr<Generator>> generators_;  // in the order of `options_`
};

// The id that buyers and shops see for a job, unique over all generators: a job of the built-in
// generator keeps its own, others get the generator's name in front. A handle that is not plain, or
// too long, is replaced by its digest.
std::string file_id(std::string_view generator, std::string_view handle);
// The handle that such an id was made from; nothing = it is only a digest of it.
std::optional<std::string> handle_in(std::string_view generator, std::string_view file_id);
// Letters, digits, "-" and "_", at most 128: it becomes part of keys, paths and pages.
bool is_file_id(std::string_view text);

inline constexpr std::string_view built_in_generator = "superduperai";

// What a kind is built as when its table gives no address.
std::string_view default_url(GeneratorKind kind);

// Does this answer to a GET show that there is no result?
bool is_no_result(const HttpResponse& answer);
bool is_no_result(int status, const HttpHeaders& headers);

}  // namespace claimcheck
